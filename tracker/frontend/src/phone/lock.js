// The PIN: asked where the readable copies are needed, and again after five minutes out of sight.
import { leaveSession } from "./device.js";
import { lock, unlock, unlocked } from "./keys.js";
import { synchronise } from "./sync.js";
import { say } from "./words.js";

const AWAY = 5 * 60_000;

let asking;

/** Resolves when the phone is open; covers the page until then. */
export async function ensureOpen() {
  if (unlocked()) return;
  asking ??= asked();
  await asking;
  asking = undefined;
}

function asked() {
  const dialog = document.getElementById("lock");
  const pin = dialog.querySelector("input");
  const error = dialog.querySelector(".field-error");
  dialog.oncancel = (event) => event.preventDefault();
  for (const link of dialog.querySelectorAll("a[data-forgotten]")) link.onclick = forgotten;
  dialog.onclose = () => unlocked() || dialog.showModal(); // a second “back” closes it unasked
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.querySelector("form").onsubmit = async (event) => {
      event.preventDefault();
      const typed = pin.value;
      pin.value = "";
      let result = await tried(typed);
      if (result === "lease" && navigator.onLine) {
        await synchronise({ wait: true }); // which renews it for who is signed in
        result = await tried(typed);
      }
      error.textContent = result === "open" ? "" : say(result);
      if (result === "wait" || result === "destroyed") leaveSession();
      if (result !== "open") return pin.focus();
      dialog.close();
      resolve();
    };
  });
}

/** A guess that a full phone cannot count is not tried. */
async function tried(pin) {
  try {
    return await unlock(pin);
  } catch (error) {
    console.error(error.name, error.message);
    return "unstored";
  }
}

/** Another PIN is chosen by who knows the password. */
async function forgotten(event) {
  event.preventDefault();
  await leaveSession();
  location.assign(event.target.href);
}

/** Forget the key after five minutes in the background; `closed` covers the page. Coming back asks for the PIN. */
export function lockWhenAway(closed) {
  let since = null;
  let timer;
  const close = () => {
    lock();
    closed();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      since = Date.now();
      timer = setTimeout(close, AWAY);
      return;
    }
    clearTimeout(timer);
    if (unlocked() && since !== null && Date.now() - since >= AWAY) close();
  });
}
