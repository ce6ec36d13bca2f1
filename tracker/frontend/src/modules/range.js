// A word under a figure when it is left: impossible (outside data-low … data-high), or only odd (outside the soft ends),
// which one tick confirms. The words come with the form; the server checks again and has the last word.
import { filledIn, sentence } from "./page_data.js";

const words = () => document.getElementById("visit-words")?.dataset ?? {};

function judge(value, { low, high, softLow, softHigh }) {
  if (value === "" || Number.isNaN(Number(value))) return "";
  if (Number(value) < Number(low) || Number(value) > Number(high)) return "impossible";
  if (softLow !== undefined && Number(value) < Number(softLow)) return "odd";
  if (softHigh !== undefined && Number(value) > Number(softHigh)) return "odd";
  return "";
}

function place(field) {
  const hint = document.createElement("div");
  hint.className = "field-typing";
  hint.setAttribute("role", "status");
  field.closest(".field").append(hint);
  return hint;
}

function confirming(key, text) {
  const label = document.createElement("label");
  const tick = document.createElement("input");
  const said = document.createElement("span");
  tick.type = "checkbox";
  tick.name = "confirmed_odd";
  tick.value = key;
  label.className = "check";
  said.textContent = filledIn(words().odd, { value: text });
  label.append(tick, said);
  return label;
}

function show(hint, found, key, text, impossible) {
  const asked = document.getElementById(`odd-${key}`); // the server asks already
  hint.dataset.kind = found;
  hint.replaceChildren();
  if (found === "impossible") hint.textContent = impossible;
  else if (found && !asked) hint.append(confirming(key, text));
}

function watch(field, rules) {
  const hint = place(field);
  const key = field.name.split(".").pop();
  // Only when the field is left: half a figure is always too small.
  field.addEventListener("change", () => {
    const value = field.value.normalize("NFKC").trim();
    const found = judge(value, field.dataset);
    const label = rules.ranges.find((row) => row.key === key)?.label ?? "";
    const { low, high } = field.dataset;
    show(hint, found, key, value, sentence(rules.words.out_of_range, { label, low, high, value }));
  });
}

/** A pulse pressure is odd though both pressures may be usual. */
function watchPulse(rules) {
  const [upper, lower] = ["sbp", "dbp"].map((id) => document.getElementById(id));
  const row = rules.ranges.find(({ key }) => key === "pulse_pressure");
  if (!upper || !lower || !row) return;
  const hint = place(lower);
  const update = () => {
    const difference = Number(upper.value) - Number(lower.value);
    const known = upper.value !== "" && lower.value !== "" && difference > 0;
    const found = known && (difference < row.soft_low || difference > row.soft_high) ? "odd" : "";
    if (found !== (hint.dataset.kind ?? "") || found)
      show(hint, found, row.key, `${row.label} ${difference}`, "");
  };
  for (const field of [upper, lower]) field.addEventListener("change", update);
}

export function hintRanges(root, rules) {
  for (const field of root.querySelectorAll("input[data-low]")) watch(field, rules);
  watchPulse(rules);
}
