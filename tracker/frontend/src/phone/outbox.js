// What was recorded on this phone: kept until the server has named it, and a month longer.
import { now as current, moment } from "./clock.js";
import { decrypt, encrypt, unlocked } from "./keys.js";
import { mark } from "./mark.js";
import { seal } from "./seal.js";
import { get, transact, values } from "./store.js";

const KEPT = 30 * 86_400_000;

/**
 * here: not yet on the server · uploaded: the server has named its id · attention: the server will not have it so,
 * somebody has to look · handed: left to the lead, for whom the server keeps it.
 */
export const HERE = "here";
export const UPLOADED = "uploaded";
export const ATTENTION = "attention";
export const HANDED = "handed";

/**
 * Keep one record; done only when it lies on the disk. `kind`: visit, attempt, resident, contract.
 * The draft that it was, by its key, goes in the same transaction: whatever ends the browser, one of the two is there.
 * The same id again (a second tap, an edit) takes the place of the first; false where the server has that already,
 * which only a correction can change.
 */
export async function keep({ id, kind, resident_id = null, body, draft = null }, now = moment()) {
  const { id: phone, staff, server_key } = await get("meta", "device");
  const sealed = await seal(server_key.public, id, body);
  const copy = unlocked() ? await encrypt(body, id) : null;
  const kept = await transact(["meta", "outbox", "drafts"], async ({ meta, outbox, drafts }) => {
    const before = await outbox.get(id);
    if (before?.state === UPLOADED) return false;
    const sequence = before?.sequence ?? ((await meta.get("sequence")) ?? 0) + 1;
    if (!before) await meta.put(sequence, "sequence");
    const item = { id, kind, resident_id, author: staff.id, phone, sequence, made_at: now.toISOString() };
    item.sealed = { id, key: server_key.id, device_sequence: sequence, author: staff.id, sealed };
    await outbox.put({ ...item, state: HERE, copy, errors: null, tries: 0, next: 0 }, id);
    if (draft) await drafts.delete(draft);
    return true;
  });
  mark(phone, (await get("meta", "sequence")) ?? 0);
  announce();
  return kept;
}

export const items = () => values("outbox");

/** Whether somebody still has to do with a record: the server does not have it, or not so. */
export const unsettled = ({ state }) => state === HERE || state === ATTENTION;

/** Oldest first, people before what is said of them; one who was left to the lead holds nothing up. */
export async function waiting(now = current()) {
  const all = await items();
  const missing = new Set(all.filter((one) => one.kind === "resident" && unsettled(one)).map(({ id }) => id));
  return all
    .filter((one) => one.state === HERE && (one.next ?? 0) <= now && !missing.has(one.resident_id))
    .sort((one, other) => one.sequence - other.sequence);
}

/** The record as it was typed; null while the phone is locked, where no copy was kept, or an older PIN closed it. */
export async function content(item) {
  if (!item.copy || !unlocked()) return null;
  return decrypt(item.copy, item.id).catch(() => null);
}

/** Note what became of some records, by id: `{state, errors?, tries?, next?}`. */
export async function note(changes, sealed = null) {
  if (!changes.size) return;
  await transact(["outbox"], async ({ outbox }) => {
    for (const [id, change] of changes) {
      const item = await outbox.get(id);
      const meant = sealed === null || item?.sealed.sealed === sealed;
      if (item && meant && item.state !== UPLOADED) await outbox.put({ ...item, ...change }, id);
    }
  });
  announce();
}

/** The server has named a record as it was sent: one that was changed meanwhile is still to be sent. */
export async function answered({ id, sealed, left }, ended, answer, errors = null) {
  const state = left && ended === ATTENTION ? HANDED : ended;
  const change = { state, errors, known: answer?.known ?? null, acked_at: current() };
  await note(new Map([[id, change]]), sealed.sealed);
}

/**
 * What lies here waits once more, under the ids it had: the server answers what it still has as it did then. What was
 * left to the lead is left to the lead again.
 */
export async function again(which = () => true) {
  await transact(["outbox"], async ({ outbox }) => {
    for (const item of (await outbox.getAll()).filter(which)) {
      const left = item.state === HANDED || item.left;
      await outbox.put(
        { ...item, state: HERE, errors: null, tries: 0, next: 0, ...(left && { left }) },
        item.id,
      );
    }
  });
  announce();
}

/** How things stand: `{here, oldest, attention, uploaded}`; `oldest` is the earliest time of what is not uploaded. */
export async function standing() {
  const found = { here: 0, attention: 0, uploaded: 0, handed: 0, oldest: null };
  for (const { state, made_at } of await items()) {
    found[state] += 1;
    if (unsettled({ state }) && (found.oldest === null || made_at < found.oldest)) found.oldest = made_at;
  }
  return found;
}

/** Forget what the server has had for a month. */
export async function tidy(now = current()) {
  const old = (await items()).filter(
    (one) => [UPLOADED, HANDED].includes(one.state) && now - one.acked_at > KEPT,
  );
  if (old.length)
    await transact(["outbox"], async ({ outbox }) => {
      for (const { id } of old) await outbox.delete(id);
    });
}

/** Tell every page of this site that the outbox has changed. */
export const changes = new EventTarget();
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("outbox") : null;
if (channel) channel.onmessage = () => changes.dispatchEvent(new Event("change"));

function announce() {
  changes.dispatchEvent(new Event("change"));
  channel?.postMessage("change");
}
