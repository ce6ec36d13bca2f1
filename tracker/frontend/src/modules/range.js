// A hint beside a figure while it is typed: impossible (outside data-low … data-high) or only odd (outside the soft
// ends). The words come with the form; the server checks again and has the last word.
function judge(field) {
  const { low, high, softLow, softHigh } = field.dataset;
  const value = Number(field.value.trim());
  if (field.value.trim() === "" || Number.isNaN(value)) return "";
  if (value < Number(low) || value > Number(high)) return "impossible";
  if (softLow !== undefined && value < Number(softLow)) return "odd";
  if (softHigh !== undefined && value > Number(softHigh)) return "odd";
  return "";
}

function words(form, found, field) {
  const text = found === "odd" ? form.dataset.odd : form.dataset.impossible;
  return (text ?? "").replace("{low}", field.dataset.low).replace("{high}", field.dataset.high);
}

function watch(field, form) {
  const hint = document.createElement("p");
  hint.className = "field-typing";
  hint.setAttribute("role", "status");
  field.closest(".field").append(hint);
  // Only when the field is left: half a figure is always too small.
  field.addEventListener("change", () => {
    const found = judge(field);
    hint.dataset.kind = found;
    hint.textContent = found ? words(form, found, field) : "";
  });
}

export function hintRanges(root) {
  const place = root.querySelector("[data-impossible]");
  if (!place) return;
  for (const field of root.querySelectorAll("input[data-low]")) watch(field, place);
}
