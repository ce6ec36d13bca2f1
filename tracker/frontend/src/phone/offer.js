// A doctor who works on the server's pages is told there that the phone can also work without a network.
import { possible } from "./device.js";
import { tellMissing } from "./lost.js";

export async function offerSetUp() {
  if (!possible()) document.getElementById("phone-offer")?.remove();
  await tellMissing();
}
