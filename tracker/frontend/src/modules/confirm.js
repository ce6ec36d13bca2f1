// <form data-confirm="question">, or a submit button with it: the question stands in a <dialog> before the form goes.
// The button that goes on says again what it does (标记去世); the other one's word is on <body>, in the page's language.
import { button, open } from "./dialog.js";

function ask(question, submitter, then) {
  const words = document.body.dataset;
  const look = submitter?.classList.contains("btn-danger") ? "btn-danger" : "btn-primary";
  const verb = submitter?.textContent.trim() || words.confirmYes;
  const buttons = [button(words.confirmNo, "no"), button(verb, "yes", look)];
  open([question], buttons, (answer) => answer === "yes" && then());
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
