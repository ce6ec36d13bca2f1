// A form is sent by the page, not by the browser: where no answer comes, what was typed stays on the screen, and none
// of it lies in the tabs that the browser remembers, as that of a form does whose answer is a page.
import { button, element, open } from "./dialog.js";
import { release } from "./once.js";

const PATIENCE = 60_000;

export function sendInPlace(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    // What is downloaded is left to the browser; so is everything where it is too old to tell which button it was.
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if (!("submitter" in event) || typeof HTMLDialogElement !== "function") return;
    event.preventDefault();
    post(form, event.submitter);
  });
}

/** `renewed`: a token ends with its session, and that of the next one has taken its place. */
function post(form, submitter, renewed = false) {
  const request = new XMLHttpRequest();
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const address = new URL(action, location.href);
  const files = form.enctype === "multipart/form-data";
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  request.open("POST", address);
  request.responseType = "document";
  request.timeout = files ? 0 : PATIENCE;
  request.setRequestHeader("X-Form", "page"); // is told where to go instead of being sent there
  request.onload = async () => {
    const { staff, shell } = document.body.dataset;
    if (request.status === 400 && !staff && !shell) return location.reload(); // signing in, on a page too old
    const session = request.status === 400 && staff && !renewed ? await signedIn() : null;
    if (!session) return answered(form, address, request);
    if (session.staff.id !== staff) return stay(form, words().another);
    form.elements.csrf_token.value = session.csrf_token;
    post(form, submitter, true);
  };
  request.onerror = request.ontimeout = () => unanswered(form);
  if (files) follow(form, request);
  request.send(files ? data : new URLSearchParams(data));
}

/** How much of a file has gone out. */
function follow(form, request) {
  const bar = element("progress");
  bar.setAttribute("aria-label", words().uploading);
  request.upload.onprogress = ({ loaded, total }) => Object.assign(bar, { max: total, value: loaded });
  request.onloadend = () => bar.remove();
  form.append(bar);
}

const words = () => document.getElementById("unsent-words").dataset;

function answered(form, address, request) {
  const { status, response } = request;
  const next = request.getResponseHeader("Location");
  const main = response?.getElementById("main");
  const wrong = problem(response);
  if (status === 401) askToSignIn(form);
  else if (next) go(new URL(next, address));
  else if (wrong) stay(form, wrong);
  else if (main) show(response, main, address.hash);
  else unanswered(form);
}

const unanswered = (form) => stay(form, words().unanswered);

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

/** What the server's page of an error says has happened, in the language of this one. */
function problem(page) {
  const language = document.documentElement.lang.slice(0, 2);
  return page?.querySelector(`[data-problem]:lang(${language})`)?.textContent;
}

function stay(form, sentence, link) {
  release(form);
  const understood = button(words().understood, "close", link ? "" : "btn-primary");
  open([sentence, words().kept], link ? [understood, link] : [understood]);
}

function askToSignIn(form) {
  const link = element("a", words().signIn, "btn btn-primary");
  [link.href, link.target] = ["/login", "_blank"];
  stay(form, words().signedOut, link);
}

async function signedIn() {
  const answer = await fetch("/api/v1/session", { headers: { Accept: "application/json" } }).catch(
    () => null,
  );
  return answer?.ok ? answer.json() : null;
}
