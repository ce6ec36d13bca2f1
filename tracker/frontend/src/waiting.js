// On the pages of who is not signed in: what waits on this phone is counted and sent. Nothing of it is shown.
import { wind } from "./phone/clock.js";
import { device, possible } from "./phone/device.js";
import { changes, standing } from "./phone/outbox.js";
import { keepInStep } from "./phone/sync.js";
import { count, say } from "./phone/words.js";

async function show() {
  const place = document.getElementById("phone-waiting");
  const { here } = await standing();
  if (here) place.hidden = false;
  place.querySelector("span").textContent = here ? count("waiting", here) : say("arrived");
}

async function begin() {
  if (!possible() || !(await device())) return;
  await wind();
  changes.addEventListener("change", show);
  document.addEventListener("answered", show);
  await show();
  keepInStep();
}

begin().catch((error) => console.error(error.name, error.message));
