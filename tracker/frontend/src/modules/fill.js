// "The same as last time" without a round trip: the button carries the values that the server would fill in.
// Medicines stand in rows; where a list needs more of them than the page has, rows are copied.

function rowOf(name) {
  const [, path, index] = /^(.+\.(?:drugs|drug_changes))\.(\d+)\./.exec(name) ?? [];
  if (!path) return;
  const list = document.getElementById(path);
  while (list && !document.getElementById(`${path}.${index}.name`)) copyRow(list, path);
  return document.getElementById(name)?.closest(".drug");
}

function copyRow(list, path) {
  const rows = [...list.querySelectorAll(".drug")];
  const copy = rows[rows.length - 1].cloneNode(true);
  for (const node of [copy, ...copy.querySelectorAll("*")])
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = node.getAttribute(name);
      if (value)
        node.setAttribute(name, value.replace(`${path}.${rows.length - 1}.`, `${path}.${rows.length}.`));
    }
  for (const input of copy.querySelectorAll("input")) input.value = "";
  for (const error of copy.querySelectorAll(".field-error, .field-typing")) error.remove();
  rows[rows.length - 1].after(copy);
  return copy;
}

/** Put values into boxes by name, as if they had been typed. */
export function fill(entries) {
  for (const [name, value] of entries) {
    const row = rowOf(name);
    if (row && value !== "") delete row.dataset.empty;
    const tap = document.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    const chosen = ["radio", "checkbox"].includes(tap?.type) ? tap : null;
    const field = chosen ?? document.getElementById(name) ?? document.getElementsByName(name)[0];
    if (chosen) chosen.checked = true;
    else if (field) field.value = value;
    field?.dispatchEvent(new Event("change", { bubbles: true }));
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// "One more medicine" shows the next empty row that the page has, or a new one.
function showNext(button) {
  const list = button.closest(".drugs");
  const row = list.querySelector("[data-empty]") ?? copyRow(list, list.id);
  delete row.dataset.empty;
  row.querySelector("input").focus();
}

export function fillInPlace(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='do']");
    if (button?.dataset.fill) {
      event.preventDefault();
      fill(Object.entries(JSON.parse(button.dataset.fill)));
      button.setAttribute("aria-pressed", "true");
    } else if (button?.value.startsWith("more:")) {
      event.preventDefault();
      showNext(button);
    }
  });
}
