// <form data-confirm="question">, or a submit button with it: the question stands in a <dialog> before the form goes.
// The button that goes on says again what it does (标记去世); the other one's word is on <body>, in the page's language.
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

function ask(question, submitter, then) {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  const choice = element("form", "");
  const row = element("div", "", "buttons");
  choice.method = "dialog";
  const look = submitter?.classList.contains("btn-danger") ? "btn-danger" : "btn-primary";
  const verb = submitter?.textContent.trim() || words.confirmYes;
  row.append(button(words.confirmNo, "no", ""), button(verb, "yes", look));
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
    if (typeof HTMLDialogElement === "function" && form.requestSubmit) ask(question, submitter, go);
    else if (window.confirm(question)) form.submit();
  });
}
