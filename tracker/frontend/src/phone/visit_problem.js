// What is wrong, beside its field and in one list above; folded parts open, and the first field gets the focus.

const summary = () => document.getElementById("visit-errors");

export function clearProblems(form) {
  for (const error of form.querySelectorAll(".field-error")) error.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  summary().hidden = true;
  summary().querySelector("ul").replaceChildren();
}

/** `found`: [field, words] in their order. */
export function showProblems(form, found) {
  clearProblems(form);
  const places = found.map(([field, words]) => beside(form, field, words));
  summary().hidden = found.length === 0;
  const first = places.find(Boolean);
  if (!first) return summary().focus();
  const target = first.matches("fieldset") ? (first.querySelector("input:not([hidden])") ?? first) : first;
  target.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

function beside(form, name, words) {
  const field = fieldOf(form, name);
  const line = document.createElement("li");
  summary().querySelector("ul").append(line);
  if (!field) {
    line.textContent = words;
    return null;
  }
  reveal(form, field);
  field.setAttribute("aria-invalid", "true");
  const error = document.createElement("p");
  error.className = "field-error";
  error.id = `${field.id}-error`;
  error.textContent = words;
  field.setAttribute("aria-describedby", error.id);
  field.closest(".field")?.querySelector("[data-kind=impossible]")?.replaceChildren(); // the same, while typing
  (field.matches("fieldset") ? field : field.closest(".field")).append(error);
  const link = document.createElement("a");
  link.href = `#${field.id}`;
  link.textContent = nameOf(form, field);
  line.append(link, `：${words}`);
  return field;
}

/** The field of a path, or the one that holds it. */
function fieldOf(form, name) {
  for (let path = name; path; path = path.slice(0, Math.max(path.lastIndexOf("."), 0))) {
    const field = form.querySelector(`#${CSS.escape(path)}`);
    if (field) return field;
  }
  return null;
}

function reveal(form, field) {
  for (let part = field; part && part !== form; part = part.parentElement) {
    if (part.matches("details")) part.open = true;
    part.hidden = false;
  }
}

/** What the form calls a field; its path where it has no such field. */
export function labelOf(form, name) {
  const field = fieldOf(form, name);
  return field ? nameOf(form, field) : name;
}

function nameOf(form, field) {
  const label = field.matches("fieldset")
    ? field.querySelector("legend")
    : form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const own = label?.textContent.trim() ?? "";
  const part = field.closest("[data-disease]:is(fieldset, details)")?.querySelector("legend, summary");
  return part && part !== label && part.textContent.includes("·")
    ? `${part.textContent.split("·")[0].trim()} ${own}`
    : own;
}
