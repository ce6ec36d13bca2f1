// The people opened last on this phone.
import { decrypt, encrypt } from "./keys.js";
import { get, put } from "./store.js";

const NAME = "recent";
const KEPT = 10;

export async function recent() {
  const kept = await get("meta", NAME);
  return kept ? decrypt(kept, NAME).catch(() => []) : []; // closed by a key that is no more
}

export async function remember(id) {
  const ids = [id, ...(await recent()).filter((other) => other !== id)].slice(0, KEPT);
  await put("meta", NAME, await encrypt(ids, NAME)).catch(() => {}); // a full phone does without
}

/** The person whom this page is about, by its address. */
export const idHere = () => /^\/residents\/([0-9a-f-]{36})(\/|$)/.exec(location.pathname)?.[1] ?? null;
