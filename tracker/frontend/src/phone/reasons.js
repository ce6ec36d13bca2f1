// Why the server will not have a record so, as its page and its form say it.
import { say } from "./words.js";

/** What the server answers, in any language, of somebody who is unknown or whom somebody else looks after. */
const UNKNOWN = "not found";
const MISSING = 404;

/** [field, words] of a refused record; the field "" stands for the whole. */
export function reasonsOf({ errors }) {
  return Object.entries(errors ?? {})
    .filter(([field]) => field !== "conflict")
    .map(([field, texts]) => [field, [texts].flat().map(worded).join(" ")]);
}

const worded = (text) => (text === UNKNOWN ? say("foreign") : text);

/** What is kept of a refusal; one that names no field is said all the same. */
export function errorsOf({ status, errors, message }) {
  if (errors && Object.keys(errors).length) return errors;
  return status === MISSING ? { resident_id: [UNKNOWN] } : { "": [message] };
}
