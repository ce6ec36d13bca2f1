// The page of this phone: its set-up, and every record on it with how it stands and the ways out.
import { moment, now } from "./clock.js";
import { attested, device, possible, setUp } from "./device.js";
import { draw, inTurn } from "./draw.js";
import { everybody } from "./everybody.js";
import { handOver, shut } from "./handoff.js";
import { join } from "./join.js";
import { unlocked } from "./keys.js";
import { tellMissing } from "./lost.js";
import { ATTENTION, changes, content, HANDED, items, note, standing, UPLOADED, unsettled } from "./outbox.js";
import { person } from "./people.js";
import { reasonsOf } from "./reasons.js";
import { Away, session } from "./server.js";
import { get } from "./store.js";
import { state, told as synced, synchronise } from "./sync.js";
import { said } from "./told.js";
import { showUnfinished } from "./unfinished.js";
import { enveloped } from "./upload.js";
import { ago, fresh } from "./words.js";
import { controlled } from "./worker.js";

const EASY = /^(\d)\1{5}$|^012345$|^123456$|^654321$|^(\d\d)\2\2$|^(\d{3})\3$/;
const SHOWN = 100;
const ENDED = ["dead", "moved_out", "refused", "misdiagnosed"];
const part = (id) => document.getElementById(`phone-${id}`);
const words = () => part("page-words").dataset;

export async function showRecords() {
  if (!possible()) {
    part("impossible").hidden = false;
    return;
  }
  const own = await device();
  const again = new URLSearchParams(location.search).has("again");
  const unknown = await get("meta", "unknown");
  const works = own && !own.revoked && !unknown && (await get("meta", "lock"))?.closed;
  part("setup").hidden = Boolean(works && !again);
  part("unknown").hidden = !unknown;
  part("form")?.addEventListener("submit", begin);
  if (part("name")) part("name").value = own?.name ?? (await model()) ?? part("name").value;
  if (!own) return tellMissing();
  for (const name of ["standing", "records"]) part(name).hidden = false;
  part("now").addEventListener("click", () => synchronise());
  part("export").addEventListener("click", exported);
  part("lock").addEventListener("click", () => {
    shut();
    location.reload();
  });
  part("items").addEventListener("click", leave);
  changes.addEventListener("change", redraw);
  synced.addEventListener("change", () => state.running || redraw()); // who was fetched may have died
  await redraw();
  part("stored").textContent = (await navigator.storage?.persisted?.()) ? words().kept : words().loose;
}

/** What the browser says of the phone, so that several can be told apart. */
async function model() {
  const said = await navigator.userAgentData?.getHighEntropyValues(["model"]).catch(() => null);
  return said?.model || undefined;
}

async function begin(event) {
  event.preventDefault();
  const pin = part("pin").value;
  const wrong = unfit(pin);
  part("error").textContent = wrong;
  if (wrong) return part("pin").focus();
  try {
    const { staff } = await session();
    await setUp(part("name").value.trim(), pin, staff);
    await navigator.storage?.persist?.();
    handOver(); // so that the first page does not ask for the PIN that was chosen just now
    await controlled();
    location.assign("/worklist");
  } catch (error) {
    part("error").textContent = error instanceof Away || error.status ? words().failed : words().theirs;
  }
}

function unfit(pin) {
  if (!/^\d{6}$/.test(pin)) return words().digits;
  if (EASY.test(pin)) return words().easy;
  return pin === part("again").value ? "" : words().unlike;
}

const redraw = inTurn(drawn);

async function drawn() {
  const { here, attention, handed, oldest } = await standing();
  const rest = here + attention;
  const done = handed ? words().allHanded : words().all;
  part("line").textContent = rest ? waits(rest, Date.parse(oldest)) : done;
  if (unlocked()) await showUnfinished((await everybody()).people);
  const all = (await items()).sort(byNeed).slice(0, SHOWN);
  const names = unlocked() ? await namesOf(all) : new Map();
  const ended = unlocked() ? await endedFor(all) : new Map();
  part("none").hidden = all.length > 0;
  const rows = await Promise.all(
    all.map(async (item) => ({ ...told(item, names, ended), said: await summary(item) })),
  );
  part("items").replaceChildren(...rows.map((row) => draw("record", row)));
}

/** What tells two records of the same person apart; nothing while the phone is locked. */
async function summary(item) {
  const body = await content(item);
  return body ? said(item.kind, body) : "";
}

const waits = (n, oldest) =>
  (fresh(oldest) ? words().restNow : words().rest).replace("{n}", n).replace("{ago}", ago(oldest));

/** By id; of those who have left this phone's list, too, as long as their records lie here. */
async function namesOf(records) {
  const { people } = await everybody();
  const names = new Map(people.map((one) => [one.id, one.name]));
  for (const { resident_id: id } of records)
    if (id && !names.has(id)) names.set(id, (await person(id))?.name ?? "");
  return names;
}

/** By id of what was refused: "dead", or of visits "ended" where nothing of the person is followed up any more. */
async function endedFor(records) {
  const found = new Map();
  for (const { id, kind, state, resident_id } of records) {
    if (!["visit", "attempt"].includes(kind) || state !== ATTENTION) continue;
    const whole = await person(resident_id);
    const open = (whole?.conditions ?? []).some(({ status }) => !ENDED.includes(status));
    if (whole?.status === "dead") found.set(id, "dead");
    else if (kind === "visit" && whole && !open) found.set(id, "ended");
  }
  return found;
}

/** What needs somebody first, then what waits, then what is done; the newest first in each. */
function byNeed(one, other) {
  const order = (item) => [ATTENTION, "here", HANDED, UPLOADED].indexOf(item.state);
  return order(one) - order(other) || other.sequence - one.sequence;
}

function told(item, names, ended) {
  const { id, resident_id, kind, state, errors, known, made_at } = item;
  const reasons = reasonsOf(item).map(([, text]) => text);
  if (errors?.conflict) reasons.unshift(words().conflict);
  return {
    id,
    resident_id,
    what: words()[kind],
    who: names.get(resident_id ?? id) ?? (unlocked() ? "" : words().unread),
    when: ago(Date.parse(made_at)),
    here: state === "here",
    uploaded: state === UPLOADED,
    handed: state === HANDED,
    attention: state === ATTENTION,
    ...ways(kind, state === ATTENTION && !errors?.conflict),
    dead: ended.get(id) === "dead",
    ended: ended.get(id) === "ended",
    join: kind === "resident" && state === ATTENTION && known,
    reasons: reasons.map((text) => ({ text })),
  };
}

/** Where a refused record is mended: by the form of its kind. */
const ways = (kind, open) =>
  Object.fromEntries(["visit", "attempt", "resident", "contract"].map((one) => [one, open && one === kind]));

/** The server keeps what it refused for the lead; here it no longer asks for anything. */
async function leave({ target }) {
  const [handed, joined] = ["[data-hand]", "[data-join]"].map((name) => target.closest(name)?.value);
  if (handed) target.closest("button").disabled = true; // a second tap would fall on what comes in its place
  if (handed) await note(new Map([[handed, { state: HANDED, acked_at: now() }]]));
  if (joined && (await join(joined))) synchronise();
}

/** Sealed records as a file for the way by hand; the phone signs it, so that who carries it cannot change it. */
async function exported() {
  const own = await device();
  const left = (await items()).filter(unsettled);
  const sent = await enveloped(left);
  const content = JSON.stringify({
    device: own.id,
    author: own.staff.id,
    made_at: new Date().toISOString(),
    records: left.map(({ kind, resident_id }, place) => ({ kind, resident_id, ...sent[place] })),
  });
  const file = JSON.stringify({ content, signature: await attested(content) });
  const address = URL.createObjectURL(new Blob([file], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `tracker-${moment().toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
