// A slow phone invites a second tap: after the first, the form is marked and its buttons say that they wait.
// Buttons are marked, not disabled, so that the pressed one's name and value still travel with the form.

/** Those outside of it that name it, too. */
const buttons = (form) => [...form.elements].filter(({ type }) => type === "submit");

export function release(form) {
  delete form.dataset.sent;
  for (const button of buttons(form)) button.removeAttribute("aria-disabled");
}

export function submitOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
    // What is downloaded leaves the page as it is.
    if ("again" in form.dataset) setTimeout(() => release(form), 5000);
  });
  // Coming back by the browser's back must find a form that can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) release(form);
  });
}
