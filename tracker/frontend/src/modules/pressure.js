// Figures typed off the cuff jump to the next box by themselves; `138/86` and `13886` in one box fill both.
// A systolic value that starts with 1–3 has three digits, any other has two.
import { pressures } from "../phone/visit_body.js";

const WHOLE = /^([123]\d\d|[4-9]\d)$/;

function jump(field, next) {
  field.addEventListener("input", (event) => {
    const both = pressures(field.value);
    if (both) {
      [field.value, next.value] = both;
      next.dispatchEvent(new Event("input", { bubbles: true }));
      next.dispatchEvent(new Event("change", { bubbles: true }));
      next.focus(); // for figures that follow
      return;
    }
    const typing = event.inputType === undefined || event.inputType.startsWith("insert");
    if (typing && WHOLE.test(field.value) && next.value === "") next.focus();
  });
  // What was meant to stand between the two comes after the jump.
  next.addEventListener("input", () => {
    if (/^[/\\.,，、。\s-]/.test(next.value)) next.value = next.value.slice(1);
  });
  next.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && next.value === "") field.focus();
  });
}

export function jumpOn(root) {
  for (const field of root.querySelectorAll("input[data-next]")) {
    const next = document.getElementById(field.dataset.next);
    if (next) jump(field, next);
  }
}
