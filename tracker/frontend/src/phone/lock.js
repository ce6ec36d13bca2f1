// The PIN: asked where the readable copies are needed, and again after five minutes out of sight.
import { lock, unlock, unlocked } from "./keys.js";
import { say } from "./words.js";

const AWAY = 5 * 60_000;

/** Resolves when the phone is open; stays on the screen until then. */
export async function ensureOpen() {
  if (unlocked()) return;
  const dialog = document.getElementById("lock");
  const pin = dialog.querySelector("input");
  const error = dialog.querySelector(".field-error");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  if (!dialog.open) dialog.showModal();
  await new Promise((resolve) => {
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const typed = pin.value;
      pin.value = "";
      const result = await unlock(typed);
      error.textContent = result === "open" ? "" : say(result);
      if (result !== "open") return pin.focus();
      dialog.close();
      resolve();
    });
  });
}

/** Forget the key after five minutes in the background; coming back asks for the PIN. */
export function lockWhenAway() {
  let since = null;
  let timer;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      since = Date.now();
      timer = setTimeout(lock, AWAY);
      return;
    }
    clearTimeout(timer);
    if (since !== null && Date.now() - since >= AWAY) lock();
    if (!unlocked() && document.body.dataset.shell) location.reload();
  });
}
