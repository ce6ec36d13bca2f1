// "The same as last time" without a round trip: the button carries the values that the server would fill in.
// Lists of medicines have no values on the button and go to the server.
function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const radio = document.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    const field = document.getElementById(name);
    if (radio?.type === "radio") radio.checked = true;
    else if (field) field.value = value;
    (radio ?? field)?.dispatchEvent(new Event("change", { bubbles: true }));
    (radio ?? field)?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// "One more medicine" shows the next empty row that the page has; when there is none, the server makes one.
function showNext(button, event) {
  const row = button.closest(".drugs")?.querySelector("[data-empty]");
  if (!row) return;
  event.preventDefault();
  delete row.dataset.empty;
  row.querySelector("input").focus();
}

export function fillInPlace(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='do']");
    if (button?.dataset.fill) {
      event.preventDefault();
      fill(JSON.parse(button.dataset.fill));
    } else if (button?.value.startsWith("more:")) {
      showNext(button, event);
    }
  });
}
