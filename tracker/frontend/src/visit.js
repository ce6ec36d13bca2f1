// The visit form. It works without this script; with it, figures jump, hints come while typing, and taps fill in place.

import { fillInPlace } from "./modules/fill.js";
import { hintRanges } from "./modules/range.js";
import { followConditions } from "./modules/when.js";

// Digits typed off the cuff jump to the next box by themselves; `138/` jumps too.
// A systolic value that starts with 1–3 has three digits, any other has two.
function isWhole(text) {
  return /^([123]\d\d|[4-9]\d)$/.test(text);
}

function jump(field, next) {
  field.addEventListener("input", (event) => {
    const slash = /^(\d{2,3})\s*[/／]$/.exec(field.value);
    if (slash) field.value = slash[1];
    const typing = event.inputType === undefined || event.inputType.startsWith("insert");
    if (typing && (slash || isWhole(field.value)) && next.value === "") next.focus();
  });
}

for (const field of document.querySelectorAll("input[data-next]")) {
  const next = document.getElementById(field.dataset.next);
  if (next) jump(field, next);
}

// Body mass index, as the server computes it.
function showMass(output) {
  const weight = document.getElementById("weight_kg");
  const height = document.getElementById("height_cm");
  const update = () => {
    const metres = Number(height.value || output.dataset.height) / 100;
    const mass = Number(weight.value) / (metres * metres);
    output.value = mass > 5 && mass < 150 ? mass.toFixed(1) : "—";
  };
  weight.addEventListener("input", update);
  height.addEventListener("input", update);
}

const mass = document.getElementById("bmi");
if (mass) showMass(mass);
followConditions(document);
hintRanges(document);
fillInPlace(document);
