// Pages where a person is found by a card.
import { offerScan } from "./modules/scan.js";

offerScan(document);
document.addEventListener("answered", () => offerScan(document.getElementById("main")));
