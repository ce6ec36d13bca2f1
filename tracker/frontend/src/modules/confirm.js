// <form data-confirm="question">, or a submit button with it: the question stands in a <dialog> before the form goes.
// The words of the two buttons come from data-confirm-yes and data-confirm-no on <body>, in the page's language.
function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(text, value, className) {
  const made = element("button", text, `btn ${className}`);
  made.value = value;
  made.type = "submit";
  return made;
}

function ask(question, then) {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  const choice = element("form", "");
  const row = element("div", "", "buttons");
  choice.method = "dialog";
  row.append(button(words.confirmNo, "no", ""), button(words.confirmYes, "yes", "btn-primary"));
  choice.append(element("p", question), row);
  dialog.append(choice);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "yes") then();
  });
  document.body.append(dialog);
  dialog.showModal();
}

export function askBeforeSubmit(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = event.submitter;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const go = () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    };
    // Safari before 16 has no requestSubmit and before 15.4 no <dialog>: the browser's own question asks there.
    if (typeof HTMLDialogElement === "function" && form.requestSubmit) ask(question, go);
    else if (window.confirm(question)) form.submit();
  });
}
