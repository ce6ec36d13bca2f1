// The key of the readable copies. It opens with three things at once: the PIN, a secret of this phone, and a share that
// the server lends for 72 hours. A phone whose share has run out, or was never given again, cannot be read by its finder.
import { decoded, encoded, joined, toBytes } from "./bytes.js";
import { now as current } from "./clock.js";
import { get, put, remove, transact } from "./store.js";

const ROUNDS = 600_000;
const TRIES_BEFORE_WAIT = 5;
const TRIES_AT_MOST = 10;
const WAIT = 20 * 60_000;
const AES = { name: "AES-GCM", length: 256 };

let key; // the open key, in this page's memory alone

export const unlocked = () => key !== undefined;

export function lock() {
  key = undefined;
}

/** The open key for the next page of this site; a CryptoKey whose bytes no script can read. */
export const opened = () => key;

export function adopt(handed) {
  key = handed;
}

/** What the phone makes for itself; `share` comes from the server afterwards. */
export async function made() {
  return {
    signing: await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
      "sign",
      "verify",
    ]),
    secret: await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  };
}

/** Close a new data key with the PIN and keep it; what an older one closed is lost. */
export async function choose(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const outer = await closing(pin, salt);
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, outer, raw);
  await transact(["meta", "people", "drafts"], async (stores) => {
    await emptied(stores);
    await stores.meta.put({ salt, iv, closed, tries: 0, waits: 0 }, "lock");
  });
  key = await crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
  raw.fill(0);
}

/** "open", or why not: "wrong", "wait", "destroyed", "lease" (the share has run out), "none" (no PIN chosen). */
export async function unlock(pin, now = current()) {
  if ((await share(now)) === null) return "lease";
  const kept = await attempt(now);
  if (typeof kept === "string") return kept;
  const outer = await closing(pin, kept.salt);
  let raw;
  try {
    raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, outer, kept.closed);
  } catch {
    return failed(kept);
  }
  key = await crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
  await put("meta", "lock", { ...kept, tries: 0, waits: 0 }).catch(() => {}); // a full phone opens all the same
  return "open";
}

/** Counted, and its wait begun, before it is tried, so that killing the page does not give another guess. */
function attempt(now) {
  return transact(["meta"], async ({ meta }) => {
    const kept = await meta.get("lock");
    if (!kept) return "none";
    if (!kept.closed) return "destroyed";
    if (now < kept.waits) return "wait";
    const tries = kept.tries + 1;
    if (tries > TRIES_AT_MOST) {
      await meta.put({ tries: kept.tries }, "lock");
      return "destroyed";
    }
    const counted = { ...kept, tries, waits: tries < TRIES_BEFORE_WAIT ? 0 : now + WAIT };
    await meta.put(counted, "lock");
    return counted;
  });
}

async function failed({ tries, waits }) {
  if (tries < TRIES_AT_MOST) return waits ? "wait" : "wrong";
  await put("meta", "lock", { tries });
  return "destroyed";
}

async function closing(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", encoded(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const stretched = await crypto.subtle.deriveBits(slow, typed, 256);
  const own = await ofPhone("data key");
  const material = joined(stretched, own, await share(current()));
  const all = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const info = encoded("tracker data key 1");
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info }, all, AES, false, [
    "encrypt",
    "decrypt",
  ]);
}

async function ofPhone(purpose) {
  const { secret } = await get("meta", "device");
  return crypto.subtle.sign("HMAC", secret, encoded(purpose));
}

/** Keep the server's share, closed by the phone's own secret, until the lease ends (milliseconds). */
export async function keepShare(text, until) {
  const closed = await encryptWith(await box(), text, "share");
  await put("meta", "share", { closed, until, kept: current(), lent: current() });
}

/** The phone is revoked: nothing on it can be read from now on; sealed records stay and are sent. */
export async function destroy() {
  lock();
  await transact(["meta", "people", "drafts"], async (stores) => {
    await emptied(stores);
    for (const name of ["lock", "share"]) await stores.meta.delete(name);
  });
}

/** Everything that only the key of before could read. */
async function emptied({ meta, people, drafts }) {
  for (const name of ["list", "cursor", "recent", "called", "fetched_at", "leaving"]) await meta.delete(name);
  await people.clear();
  await drafts.clear();
}

/** Whether the share still holds; one that has run out is forgotten at once. */
export const leased = async (now = current()) => (await share(now)) !== null;

/** The server's share, or null where the lease has ended; a clock put back does not lengthen it. */
async function share(now) {
  const lent = await get("meta", "share");
  if (!lent) return null;
  const seen = Math.max(now, lent.kept);
  if (seen >= lent.until) {
    await remove("meta", "share").catch(() => {}); // it is of no use where it stays
    return null;
  }
  if (now > lent.kept) await put("meta", "share", { ...lent, kept: now }).catch(() => {}); // noted the next time
  return toBytes(await decryptWith(await box(), lent.closed, "share"));
}

async function box() {
  return crypto.subtle.importKey("raw", await ofPhone("share"), AES, false, ["encrypt", "decrypt"]);
}

/** A record as only an unlocked phone can read it; `name` ties it to its place. */
export const encrypt = (value, name) => encryptWith(key, value, name);
export const decrypt = (closed, name) => decryptWith(key, closed, name);

async function encryptWith(by, value, name) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = encoded(JSON.stringify(value));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoded(name) }, by, text);
  return { iv, data };
}

async function decryptWith(by, closed, name) {
  const settings = { name: "AES-GCM", iv: closed.iv, additionalData: encoded(name) };
  return JSON.parse(decoded(await crypto.subtle.decrypt(settings, by, closed.data)));
}
