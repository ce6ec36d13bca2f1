// One way of bringing phone and server together: send what waits, then fetch what changed.
import { now } from "./clock.js";
import { device, empty, inUse, left, renew, stranger } from "./device.js";
import { unlocked } from "./keys.js";
import { again, tidy } from "./outbox.js";
import { take } from "./people.js";
import { Away, ask, Refusal, session } from "./server.js";
import { get, put, remove } from "./store.js";
import { upload } from "./upload.js";

const PAGE = 500;
const RENEWED_EVERY = 15 * 60_000;
const EVERY = 5 * 60_000;
const SOON = 2_500;
const TURN = "tracker sync";

/** fetched, locked (sent only), sign_in (fetching needs a session), other (somebody else is signed in), away, refused,
 *  unknown (to a server that was put back: set up again), full (what came could not be stored). */
export const state = { running: false, last: null, reached: null };
export const told = new EventTarget();

/** Send and fetch; only one page of this site at a time does it, the others hear of it or, if asked, wait for their turn. */
export function synchronise({ wait = false } = {}) {
  const locks = navigator.locks;
  if (!locks) return guarded();
  return locks.request(TURN, { ifAvailable: !wait }, (lock) => (lock ? guarded() : undefined));
}

/** Resolves when no page of this site is sending any more, nor the worker. */
export const atRest = () => navigator.locks?.request(TURN, () => {});

async function guarded() {
  if (state.running || !(await device())) return;
  say({ running: true });
  let last;
  try {
    last = await both();
  } catch (error) {
    if (!(error instanceof Away)) console.error(error.name, error.message);
    last = error.name === "QuotaExceededError" ? "full" : "away";
  }
  say({ running: false, last, reached: last === "away" ? state.reached : Date.now() });
}

async function both() {
  const works = await worksStill();
  if (await get("meta", "unknown")) return "unknown";
  await left().catch(() => {});
  await anew().catch(() => {}); // the next run finds it as it was
  const sent = await upload();
  if (sent !== "done") return sent;
  if (!works) return "refused";
  try {
    const { staff } = await session();
    if (staff.id !== (await device()).staff.id) {
      await stranger(staff.id);
      return "other";
    }
    await tidy().catch(() => {}); // only now: the server has said what day it is
    await lease();
    return unlocked() ? await fetchAll() : "locked";
  } catch (error) {
    // Whoever takes a phone out of use ends its session: the first question may have found no line.
    if (error instanceof Refusal && error.status === 401) return (await worksStill()) ? "sign_in" : "refused";
    if (error instanceof Refusal) return "refused";
    throw error;
  }
}

/** Only the server's own word empties the phone; whether it comes or not, what waits is sent. */
const worksStill = () => inUse().catch(() => true);

/** Set up again, the phone no longer knows up to when the server has what it has delivered: that goes once more. */
async function anew() {
  const owner = await get("meta", "anew");
  if (!owner) return;
  await again(({ author }) => author === owner);
  await remove("meta", "anew");
}

async function lease() {
  const lent = await get("meta", "share");
  if (lent && Math.abs(now() - lent.lent) < RENEWED_EVERY) return;
  try {
    await renew();
  } catch (error) {
    if (error.code === "device_revoked") await empty();
    throw error;
  }
}

/** Page by page; while one is being stored, the next is on its way. */
async function fetchAll() {
  let coming = pageAfter(await get("meta", "cursor"));
  for (let begun = false; coming; begun = true) {
    const page = await coming;
    coming = page.more ? pageAfter(page.cursor) : null;
    if (page.restored) await refill();
    coming?.catch(() => {}); // heard when it is waited for, and not where this page cannot be stored
    await rules(page.rules); // before the people: a line that is cut leaves nobody who cannot be judged
    await take(page, page.whole && !begun);
  }
  await put("meta", "fetched_at", now());
  return "fetched";
}

/** The server has gone back in time: what it had, it gets again. Its cursor is stored only afterwards. */
async function refill() {
  await again();
  await upload();
}

function pageAfter(cursor) {
  const query = new URLSearchParams({ limit: PAGE, ...(cursor ? { cursor } : {}) });
  return ask(`/api/v1/sync?${query}`);
}

/** Thresholds, words and ranges, when they are not those that lie here. */
async function rules(digest) {
  if ((await get("meta", "policy"))?.id === digest) return;
  const { id, policy, ranges } = await ask("/api/v1/rules");
  await put("meta", "policy", { id, pack: policy, ranges });
}

function say(change) {
  Object.assign(state, change);
  told.dispatchEvent(new Event("change"));
}

/** On coming back into view, on a line coming back, now and then, and at once; soon again where no server answered. */
export function keepInStep() {
  const again = () => document.visibilityState === "visible" && synchronise();
  let [pause, timer] = [SOON, 0];
  told.addEventListener("change", () => {
    if (state.running) return;
    clearTimeout(timer);
    pause = state.last === "away" ? Math.min(2 * pause, EVERY) : SOON;
    if (pause > SOON && navigator.onLine) timer = setTimeout(again, pause);
  });
  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  setInterval(again, EVERY);
  return again();
}
