// Loaded on every page as a module: each part looks for its own marks in the page and does nothing without them.
import { dressChoices } from "./modules/choice.js";
import { askBeforeSubmit } from "./modules/confirm.js";
import { focusFirstError } from "./modules/errors.js";
import { submitOnce } from "./modules/once.js";
import { sendInPlace } from "./modules/post.js";
import { offerPrint } from "./modules/print.js";
import { followProgress } from "./modules/progress.js";
import { refuseBigFiles } from "./modules/size.js";
import { makeSortable } from "./modules/sort.js";
import { tickAll } from "./modules/tick.js";
import { openWhereWide } from "./modules/wide.js";

function dress(root) {
  refuseBigFiles(root);
  dressChoices(root);
  focusFirstError(root);
  openWhereWide(root);
  offerPrint(root);
  tickAll(root);
  for (const table of root.querySelectorAll("table[data-sortable]")) makeSortable(table);
  for (const place of root.querySelectorAll("[data-progress]")) followProgress(place);
}

document.documentElement.classList.add("js");
dress(document);
document.addEventListener("answered", () => dress(document.getElementById("main")));
// In this order: what is asked first, what was sent already, and then the sending.
askBeforeSubmit(document);
submitOnce(document);
sendInPlace(document);
