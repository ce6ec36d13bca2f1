// Loaded on every page as a module: each part looks for its own marks in the page and does nothing without them.
import { dressChoices } from "./modules/choice.js";
import { askBeforeSubmit } from "./modules/confirm.js";
import { focusFirstError } from "./modules/errors.js";
import { submitOnce } from "./modules/once.js";
import { offerPrint } from "./modules/print.js";
import { followProgress } from "./modules/progress.js";
import { refuseBigFiles } from "./modules/size.js";
import { makeSortable } from "./modules/sort.js";
import { tickAll } from "./modules/tick.js";
import { openWhereWide } from "./modules/wide.js";

document.documentElement.classList.add("js");
askBeforeSubmit(document);
refuseBigFiles(document);
submitOnce(document);
dressChoices(document);
focusFirstError(document);
openWhereWide(document);
offerPrint(document);
tickAll(document);
for (const table of document.querySelectorAll("table[data-sortable]")) makeSortable(table);
for (const place of document.querySelectorAll("[data-progress]")) followProgress(place);
