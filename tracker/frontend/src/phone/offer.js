// A doctor who works on the server's pages hears once that the phone can also work without a network.
import { possible } from "./device.js";
import { tellMissing } from "./lost.js";
import { get, put } from "./store.js";

export async function offerSetUp() {
  await tellMissing();
  const place = document.getElementById("phone-offer");
  if (!place || !possible() || (await get("meta", "declined"))) return;
  place.hidden = false;
  place.querySelector("[data-decline]").addEventListener("click", async () => {
    await put("meta", "declined", Date.now());
    place.hidden = true;
  });
}
