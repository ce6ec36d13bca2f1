// The forms of the phone: what was typed is kept as it is typed, and what is wrong stands beside its field.
import { today as dayOf } from "./day.js";
import { content, keep, UPLOADED } from "./outbox.js";
import { reasonsOf } from "./reasons.js";
import { get } from "./store.js";
import { synchronise } from "./sync.js";
import { alone, draftOf, keepDraft, mendingKey } from "./visit_draft.js";
import { say } from "./words.js";
import { sendLater } from "./worker.js";

/** The trimmed text of a field, or undefined where nothing stands. */
export const text = (form, name) => String(new FormData(form).get(name) ?? "").trim() || undefined;
export const all = (form, name) => new FormData(form).getAll(name);

/** What is typed; a signature is drawn anew, for nobody would see that it is there. */
const entries = (form) =>
  [...new FormData(form)].filter(([name]) => name !== "image").map(([name, value]) => [name, String(value)]);

/** Put values into a form: `[name, value]`, several for a group of boxes. */
export function enter(form, values) {
  const known = new Set(values.map(([name]) => name));
  for (const field of form.elements) {
    const own = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = own.includes(field.value);
    else if (field.name && known.has(field.name)) field.value = own[0];
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Bring back the draft of a form and keep it from now on. `before`: the record that is mended, which has a draft of its
 * own. Answers the id that the record has, the same until kept; not while another page writes the same.
 */
export async function drafted(form, name, before = null) {
  const key = before ? mendingKey(before.item) : name;
  await alone(key);
  const draft = await draftOf(key);
  const id = before?.item.id ?? draft?.id ?? crypto.randomUUID();
  if (draft) enter(form, draft.values);
  drafts.set(form, { key, ...keepDraft(form, key, () => ({ id, values: entries(form) })) });
  return id;
}

const drafts = new WeakMap();

/**
 * The record that is to be mended, named by the address: `{item, body}`, or null where a new one is begun. One that has
 * been sent, or that this phone cannot open any more, is no form: its page says how it stands.
 */
export async function mending() {
  const id = new URLSearchParams(location.search).get("item");
  if (!id) return null;
  const item = await get("outbox", id);
  const body = item && item.state !== UPLOADED ? await content(item) : null;
  if (body) return { item, body };
  location.replace("/phone");
  return new Promise(() => {});
}

/** Say what is wrong: texts by field. The first one gets the focus; what belongs to no field stands on top. */
export function complain(form, errors) {
  for (const old of form.querySelectorAll(".field-error[data-said]")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const places = Object.entries(errors).map(([name, words]) => beside(form, name, words));
  places[0]?.focus();
  places[0]?.scrollIntoView({ block: "center" });
  return places.length > 0;
}

/** Words beside one field, or on top where it has none; answers what to focus. */
export function beside(form, name, words) {
  const field = name && form.querySelector(`#${CSS.escape(name)}`);
  const said = document.createElement("p");
  said.className = "field-error";
  said.dataset.said = "";
  said.id = `${name}-error`;
  said.textContent = words;
  if (!field || field.type === "hidden") {
    said.tabIndex = -1;
    form.prepend(said);
    return said;
  }
  for (let folded = field.closest("details"); folded; folded = folded.parentElement.closest("details"))
    folded.open = true;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  (field.matches("fieldset") ? field : field.closest(".field")).append(said);
  const mended = () => {
    said.remove();
    field.removeAttribute("aria-invalid");
  };
  for (const kind of ["input", "change"]) field.addEventListener(kind, mended, { once: true });
  return field.matches("fieldset") ? (field.querySelector("input") ?? field) : field;
}

/** The server's texts by the form's names; `names` maps those that differ. */
export function refused(item, names = {}) {
  return Object.fromEntries(reasonsOf(item).map(([name, words]) => [names[name] ?? name, words]));
}

/** Keep what was typed and go on; where the disk refuses, everything stays and is said. */
export async function finish(form, record, next) {
  if (form.dataset.kept) return;
  form.dataset.kept = "yes";
  const draft = drafts.get(form);
  draft.rest();
  const kept = await keep({ ...record, draft: draft.key }).catch(() => null);
  if (!kept) {
    delete form.dataset.kept;
    draft.resume();
    complain(form, { form: say(kept === null ? "keptFailed" : "keptSent") });
    return;
  }
  sendLater();
  synchronise();
  location.assign(next);
}

export const startsAt = (field) => {
  if (!field.value) field.value = dayOf();
};
