// A word under a figure when it is left: impossible (outside the hard ends), or only odd (outside the soft ones),
// which one tick confirms. Ends and words come with the form; the server checks again and has the last word.
import { filledIn, sentence } from "./page_data.js";
import { settled } from "./settled.js";

const words = () => document.getElementById("visit-words")?.dataset ?? {};

function judge(value, { low, high, soft_low = low, soft_high = high }) {
  const number = Number(value);
  if (value === "" || Number.isNaN(number)) return "";
  if (number < low || number > high) return "impossible";
  return number < soft_low || number > soft_high ? "odd" : "";
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
  settled(() => {
    hint.replaceChildren();
    if (found === "impossible") hint.textContent = impossible;
    else if (found && !asked) hint.append(confirming(key, text));
  });
}

function watch(field, row, rules) {
  const hint = place(field);
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.trim();
  // Only when the field is left: half a figure is always too small.
  field.addEventListener("change", () => {
    const value = field.value.normalize("NFKC").trim();
    const judged = judge(value, row);
    // One tick stands for the pressures of the sitting: a further box has none of its own.
    const found = judged === "odd" && field.name.startsWith("bp_readings") ? "" : judged;
    show(hint, found, row.key, value, sentence(rules.words.out_of_range, { ...row, label, value }));
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
  const rows = new Map(rules.ranges.map((row) => [row.key, row]));
  for (const field of root.querySelectorAll('input[type="text"]')) {
    const row = rows.get(field.name.split(".").pop());
    if (row) watch(field, row, rules);
  }
  watchPulse(rules);
}
