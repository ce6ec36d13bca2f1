// A form is sent by the page, not by the browser: where no answer comes, what was typed stays on the screen, and none
// of it lies in the tabs that the browser remembers, as that of a form does whose answer is a page.
import { button, element, open } from "./dialog.js";
import { release } from "./once.js";

export function sendInPlace(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    // What is downloaded is left to the browser.
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    event.preventDefault();
    post(form, event.submitter);
  });
}

async function post(form, submitter) {
  if ("signedOut" in form.dataset) await signedInAgain(form);
  const request = new XMLHttpRequest();
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const address = new URL(action, location.href);
  request.open("POST", address);
  request.responseType = "document";
  request.setRequestHeader("X-Form", "page"); // is told where to go instead of being sent there
  request.onload = () => answered(form, address, request);
  request.onerror = () => stay(form, [document.body.dataset.unanswered]);
  request.send(contents(form, submitter));
}

function contents(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

function answered(form, address, request) {
  const { status, response } = request;
  const next = request.getResponseHeader("Location");
  const main = response?.getElementById("main");
  if (status === 401) askToSignIn(form);
  else if (next) go(new URL(next, address));
  else if (main && (status < 400 || main.querySelector("form"))) show(response, main, address.hash);
  else stay(form, problem(response) ?? [document.body.dataset.unanswered]);
}

/** A place on this very page is gone to only by loading it anew. */
function go(next) {
  const here = next.hash && next.href.split("#")[0] === location.href.split("#")[0];
  location.assign(next);
  if (here) location.reload();
}

/** The answer begins at its top, or where the form's address says; who dresses it may know a better place. */
function show(page, main, hash) {
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(main));
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  document.getElementById(hash.slice(1))?.scrollIntoView();
  document.dispatchEvent(new Event("answered"));
}

/** What the server's page of an error says, in the language of this one. */
function problem(page) {
  const language = document.documentElement.lang.slice(0, 2);
  const told = page?.querySelectorAll(`[data-problem]:lang(${language}) p`) ?? [];
  const sentences = [...told].filter((part) => !part.querySelector("a")).map((part) => part.textContent);
  return sentences.length ? sentences : null;
}

function stay(form, sentences, ...more) {
  release(form);
  open(sentences, [...more, button(document.body.dataset.understood, "close", "btn-primary")]);
}

function askToSignIn(form) {
  const { signedOut, signIn } = document.body.dataset;
  form.dataset.signedOut = "";
  const link = element("a", signIn, "btn");
  [link.href, link.target] = ["/login", "_blank"];
  stay(form, [signedOut], link);
}

/** The form carries the token of the session that is over; that of the new one takes its place. */
async function signedInAgain(form) {
  const answer = await fetch("/api/v1/session", { headers: { Accept: "application/json" } }).catch(
    () => null,
  );
  if (!answer?.ok) return;
  form.elements.csrf_token.value = (await answer.json()).csrf_token;
  delete form.dataset.signedOut;
}
