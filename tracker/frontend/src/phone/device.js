// This phone as the server knows it: whose it is, its keys, the lease; and requests signed by it.
import { encoded, toHex, toText } from "./bytes.js";
import { now } from "./clock.js";
import { shut } from "./handoff.js";
import { choose, destroy, keepShare, made, unlocked } from "./keys.js";
import { missing } from "./lost.js";
import { mark } from "./mark.js";
import { Away, ask, call, session } from "./server.js";
import { get, put, remove, values } from "./store.js";

const BASE = "/api/v1/devices";

/** `{id, staff: {id, name, username, role}, server_key, work, …}`, or undefined where the phone is not set up. */
export const device = () => get("meta", "device");

export function possible() {
  return Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
}

/** Register this phone for who is signed in and choose its PIN. A phone keeps its id if it is set up again. */
export async function setUp(name, pin, staff) {
  const before = await device();
  const mine = before?.staff.id === staff.id;
  if (!mine && (await values("outbox")).some(({ state }) => ["here", "attention"].includes(state)))
    throw new Error("another's records lie here");
  const fresh = !mine || before.revoked;
  if (fresh) await missing(); // what an earlier set-up has counted is told before the mark is another's
  const own = fresh ? { id: crypto.randomUUID(), ...(await made()) } : before;
  const public_key = toText(await crypto.subtle.exportKey("raw", own.signing.publicKey));
  const answer = await call(BASE, { id: own.id, name, public_key });
  await put("meta", "device", { ...own, name, staff, server_key: answer.server_key, work: answer.work });
  await remove("meta", "unknown");
  await put("meta", "anew", staff.id);
  if (fresh) {
    await remove("meta", "sequence");
    mark(own.id, 0);
  }
  await keepShare(answer.share, Date.parse(answer.lease_until));
  await choose(pin);
}

/** Borrow the server's share again. Needs the owner's session. */
export async function renew() {
  const { id } = await device();
  const last_sequence = (await get("meta", "sequence")) ?? null; // so that the server misses what does not arrive
  const answer = await call(`${BASE}/${id}/lease`, { last_sequence });
  const { server_key, work } = answer;
  await put("meta", "device", { ...(await device()), server_key, work });
  await keepShare(answer.share, Date.parse(answer.lease_until));
}

/** Ask whether this phone may still be read, which needs no session; one that may not empties itself. */
export async function inUse() {
  const { id, revoked } = await device();
  if (revoked) return false;
  const answer = await ask(`${BASE}/${id}/state`);
  if (answer.in_use === false) await empty();
  await (answer.known === false ? put("meta", "unknown", true) : remove("meta", "unknown"));
  return answer.in_use !== false;
}

/** The server has said that this phone is revoked: setting it up again makes another of it. */
export async function empty() {
  const open = unlocked();
  try {
    await destroy();
    await put("meta", "device", { ...(await device()), revoked: true });
  } catch (error) {
    if (open) shut(); // what cannot be emptied for want of space is closed
    throw error;
  }
  shut();
}

const FRESH = 10 * 60_000;

/** A PIN was guessed, or is forgotten: only who signs in anew goes on. Without a line it is done at the next contact. */
export async function leaveSession() {
  const since = now();
  await put("meta", "leave", since).catch(() => {}); // a full phone has only this contact
  await endSession(since).catch(() => {});
}

/** End the session that was to end. */
export async function left() {
  const since = await get("meta", "leave");
  if (since) await endSession(since);
}

/** One that began since is not meant. */
async function endSession(since) {
  try {
    const { csrf_token, signed_in_at } = await session();
    if (Date.parse(signed_in_at) <= since)
      await ask("/api/v1/session", { method: "DELETE", headers: { "X-CSRFToken": csrf_token } });
  } catch (error) {
    if (error.status !== 401) throw error; // nobody is signed in
  }
  await remove("meta", "leave");
}

/** Whether somebody has signed in just now, with the password. */
export async function justSignedIn() {
  const { signed_in_at } = await session();
  return now() - Date.parse(signed_in_at) < FRESH;
}

/** Somebody else is signed in: what is open closes, and the server's pages take the place of the phone's. */
export async function stranger(id) {
  if ((await get("meta", "guest")) === id && !unlocked()) return;
  await put("meta", "guest", id);
  shut();
}

/** The phone's signature of a text that leaves it as a file: no request can be made of it. */
export async function attested(text) {
  const { signing } = await device();
  const digest = toHex(await crypto.subtle.digest("SHA-256", encoded(text)));
  const said = encoded(`tracker export 1 ${digest}`);
  return toText(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signing.privateKey, said));
}

/** POST signed by this phone: needs no session, and no page. */
export async function signed(path, body) {
  const { id, signing } = await device();
  const { nonce } = await ask(`${BASE}/${id}/challenge`, { method: "POST" });
  if (typeof nonce !== "string") throw new Away();
  const text = JSON.stringify(body);
  const digest = toHex(await crypto.subtle.digest("SHA-256", encoded(text)));
  const said = encoded(`POST ${path} ${nonce} ${digest}`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signing.privateKey, said);
  const Authorization = `Device ${id} ${nonce} ${toText(signature)}`;
  return ask(path, {
    method: "POST",
    body: text,
    headers: { Authorization, "X-Device-Time": new Date().toISOString() },
  });
}
