// Sends what lies in the outbox, signed by this phone, so that it goes on without a session. Also runs in the worker.
// A record counts as uploaded when an answer of the server names its very id; anything else changes nothing here.
import { now } from "./clock.js";
import { device, signed } from "./device.js";
import { ATTENTION, answered, note, UPLOADED, waiting } from "./outbox.js";
import { errorsOf } from "./reasons.js";
import { Away, Refusal } from "./server.js";

const AT_ONCE = 25;
const BYTES = 100_000;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 15 * 60_000;

/** Statuses that speak of the body and not of the server. */
const OF_THE_BODY = [400, 413, 422];

const PATHS = {
  resident: () => "/api/v1/residents",
  contract: () => "/api/v1/contracts",
  attempt: (item) => `/api/v1/residents/${item.resident_id}/attempts`,
};

/**
 * One run over all that waits. Answers "done", "away" (no server: what is left waits), or "refused" (this phone
 * may no longer send: everything stays, and is said).
 */
export async function upload() {
  // Asked anew for each kind: a person recorded here may have the others once the server has them.
  for (const kind of ["resident", "contract", "attempt"]) {
    for (const item of await left(kind)) {
      const ended = await one(item);
      if (ended) return ended;
    }
  }
  const visits = await left("visit");
  return (await inParts(visits, AT_ONCE)) ?? "done";
}

const left = async (kind) => (await waiting()).filter((item) => item.kind === kind);

async function inParts(visits, most) {
  for (let rest = visits; rest.length; ) {
    const part = fitting(rest, most);
    rest = rest.slice(part.length);
    const ended = await send(part);
    if (ended) return ended;
  }
}

/** What has been put off before goes in smaller parts: a record that the server fails at is alone in the end. */
function fitting(visits, limit) {
  const most = Math.max(1, Math.floor(limit / 2 ** (visits[0].tries ?? 0)));
  let bytes = 0;
  const cut = visits.slice(0, most).findIndex((item, place) => {
    bytes += item.sealed.sealed.length + 200;
    return place > 0 && bytes > BYTES;
  });
  return visits.slice(0, cut < 0 ? most : cut);
}

/** A part whose body the server refuses is halved, so that one bad record never holds up the others. */
async function send(part) {
  let answer;
  try {
    answer = await signed("/api/v1/visits", { visits: await enveloped(part) });
  } catch (error) {
    return unsent(error, part);
  }
  const results = new Map((answer.results ?? []).map((result) => [result.id, result]));
  for (const item of part) await noted(settle(item, results.get(item.id)));
}

/** What a full phone cannot note is as if it had never been sent: the server answers it again. */
const noted = (writing) => writing.catch((error) => console.error(error.name, error.message));

/** As they are sent. Numbers that another registration of this phone gave say nothing of this one. */
export async function enveloped(part) {
  const { id } = await device();
  return part.map(({ phone, sealed: { device_sequence, ...rest } }) =>
    phone === id ? { ...rest, device_sequence } : rest,
  );
}

async function unsent(error, part) {
  if (error.status === 403) return "refused";
  if (error.status === 401) return "away"; // a nonce that was too old: the next run asks for another
  const byServer = error instanceof Refusal || (error instanceof Away && error.status >= 400);
  if (!byServer) return "away"; // no line: nothing was tried, and the line coming back finds everything ready
  const ofTheBody = OF_THE_BODY.includes(error.status);
  if (ofTheBody && part.length > 1) return inParts(part, Math.ceil(part.length / 2));
  await noted(later(part));
  return ofTheBody ? undefined : "away"; // a server in trouble is left alone for now
}

async function settle(item, result) {
  if (result?.status === "accepted") return answered(item, UPLOADED, result);
  if (result?.status === "conflict")
    return answered(item, ATTENTION, result, { conflict: [result.conflict_id] });
  if (result?.status === "rejected") return answered(item, ATTENTION, result, result.errors ?? {});
  return later([item]); // not named: as if it had never been sent
}

async function one(item) {
  let answer;
  try {
    answer = await signed(PATHS[item.kind](item), (await enveloped([item]))[0]);
  } catch (error) {
    if (error instanceof Refusal && ![401, 403].includes(error.status))
      return noted(answered(item, ATTENTION, error.body, errorsOf(error)));
    return unsent(error, [item]);
  }
  return noted(answer.id === item.id ? answered(item, UPLOADED, answer) : later([item]));
}

/** Twice as long each time, and not all phones at the same moment. */
function later(part) {
  const time = now();
  const change = ({ tries = 0 }) => {
    const pause = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
    return { tries: tries + 1, next: time + pause * (0.5 + Math.random() / 2) };
  };
  return note(new Map(part.map((item) => [item.id, change(item)])));
}
