// A file that is too big is refused where it is chosen, before a slow line carries it for nothing. The words and the
// limit (data-most, in bytes) come with the field; the server checks again.
const MEGABYTE = 1024 * 1024;

function place(field) {
  const known = document.getElementById(`${field.id}-error`);
  if (known) return known;
  const made = document.createElement("p");
  made.className = "field-error";
  made.id = `${field.id}-error`;
  made.setAttribute("role", "alert");
  field.closest(".field").append(made);
  return made;
}

function tooBig(field) {
  const size = field.files?.[0]?.size ?? 0;
  if (size <= Number(field.dataset.most)) return "";
  return field.dataset.tooBig.replace("{size}", (size / MEGABYTE).toFixed(1));
}

function check(field) {
  const words = tooBig(field);
  place(field).textContent = words;
  if (words) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return words === "";
}

export function refuseBigFiles(root) {
  for (const field of root.querySelectorAll("input[type=file][data-most]")) {
    field.addEventListener("change", () => check(field));
    field.form?.addEventListener("submit", (event) => {
      if (check(field)) return;
      event.preventDefault();
      field.focus();
    });
  }
}
