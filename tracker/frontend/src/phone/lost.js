// The browser has wiped what lay on this phone. The server is told how far it had counted, and knows what never came.
import { device } from "./device.js";
import { marked } from "./mark.js";
import { ask, call, Refusal } from "./server.js";

/** How many records of before never reached the server; 0 where none is known of. Needs a session and a line. */
export async function missing() {
  const before = marked();
  if (!before || (await device())?.id === before.id) return 0;
  await call(`/api/v1/devices/${before.id}/lease`, { last_sequence: before.sequence }).catch(refused);
  const { devices } = await ask("/api/v1/devices");
  return devices.find(({ id }) => id === before.id)?.missing ?? 0;
}

/** A phone that was taken out of use, or that was somebody else's: there is nothing to be told. */
function refused(error) {
  if (!(error instanceof Refusal)) throw error;
}

/** Say it where the page has a place for it. */
export async function tellMissing() {
  const place = document.getElementById("phone-lost");
  const n = place ? await missing().catch(() => 0) : 0;
  if (!n) return;
  place.querySelector("strong").textContent = place.dataset.words.replace("{n}", n);
  place.hidden = false;
}
