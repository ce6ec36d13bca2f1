// What is being typed, kept at every input and only for this person; one page at a time may write it.
import { now } from "./clock.js";
import { decrypt, encrypt, unlocked } from "./keys.js";
import { ready } from "./ready.js";
import { get, put, remove } from "./store.js";

const PAUSE = 150;

/** Resolves when this page alone writes under the key; until then it says so, and opens anew when it may. */
export function alone(key) {
  if (!navigator.locks) return Promise.resolve();
  const forever = () => new Promise(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(key, { ifAvailable: true }, (lock) => {
      if (lock) {
        resolve();
        return forever();
      }
      document.getElementById("elsewhere").hidden = false;
      ready();
      navigator.locks.request(key, () => {
        location.reload();
        return forever();
      });
    });
  });
}

/**
 * The draft under a key, or null; one that cannot be read any more is of no use to anybody, nor is one of a new record
 * that has been kept since.
 */
export async function draftOf(key) {
  const closed = await get("drafts", key);
  const draft = closed ? await decrypt(closed, key).catch(() => null) : null;
  const recorded = draft && key !== mendingKey(draft) && (await get("outbox", draft.id));
  return recorded ? null : draft;
}

/** Under which a record that is being mended has its draft. */
export const mendingKey = ({ id }) => `item:${id}`;

export const forget = (key) => remove("drafts", key);

/**
 * Keep what `content` answers while one types, and at once when the page goes out of sight. Answers `{rest, resume}`:
 * nothing is written from the one to the other, so that a record being kept does not leave its draft behind.
 */
export function keepDraft(form, key, content) {
  let timer = null;
  let changed = false;
  let resting = false;
  const write = async () => {
    clearTimeout(timer);
    timer = null;
    if (!changed || resting || !unlocked()) return;
    changed = false;
    const closed = await encrypt({ ...content(), at: now() }, key);
    // A draft that cannot be kept must not stop the doctor: saving itself will say what is wrong.
    if (!resting) await put("drafts", key, closed).catch(() => {});
  };
  // Not a pause after the last input: who types without one would lose it all by leaving.
  const soon = () => {
    changed = true;
    timer ??= setTimeout(write, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  addEventListener("pagehide", write);
  document.addEventListener("visibilitychange", write);
  return {
    rest() {
      resting = true;
      clearTimeout(timer);
      timer = null;
    },
    resume() {
      resting = false;
      soon();
    },
  };
}
