// Both follow-up forms on one page, dressed: figures jump, hints come while typing, questions follow from answers.

import { bodyOf } from "../phone/visit_body.js";
import { asking } from "../phone/visit_check.js";
import { fillInPlace } from "./fill.js";
import { jumpOn } from "./pressure.js";
import { hintRanges } from "./range.js";
import { settled } from "./settled.js";
import { followConditions } from "./when.js";

/** Body mass index, as the server computes it. */
function showMass(output) {
  const [weight, height] = ["weight_kg", "height_cm"].map((id) => document.getElementById(id));
  const update = () => {
    const metres = Number(height.value || output.dataset.height) / 100;
    const mass = Number(weight.value) / (metres * metres);
    output.value = mass > 5 && mass < 150 ? mass.toFixed(1) : "—";
  };
  for (const field of [weight, height]) field.addEventListener("input", update);
}

/** Ask once whether a ticked symptom is a danger sign, right where it is ticked. */
function askForDanger(form, rules) {
  const place = document.getElementById("danger-asked");
  const diseases = Object.keys(rules.asks);
  form.addEventListener("change", () => {
    const { body } = bodyOf(new FormData(form), rules.kinds, diseases, {});
    const asked = !body.emergency_signs?.length && asking(body, rules).length > 0;
    if (!asked) place.querySelector("input").checked = false;
    settled(() => {
      place.hidden = !asked;
    });
  });
}

export function dressVisit(form, rules) {
  jumpOn(form);
  followConditions(form);
  hintRanges(form, rules);
  fillInPlace(form);
  showMass(document.getElementById("bmi"));
  askForDanger(form, rules);
}
