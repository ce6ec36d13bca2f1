// The person at the top of the form, and the form without what is not theirs.
import { age } from "../domain/calendar.js";
import { measured } from "../domain/facts.js";
import { dayWords, filledIn } from "../modules/page_data.js";
import { fill } from "./draw.js";
import { drugEntries } from "./visit_body.js";

const NO_ALLERGIES = ["无", "没有", "否", "无过敏", "无过敏史", "没有过敏", "none", "no"];
const words = () => document.getElementById("visit-page-words").dataset;
const named = () => document.getElementById("visit-words").dataset;

/** `again`: a visit of today is known already. */
export function showWho(person, diseases, today, again) {
  const place = document.getElementById("who");
  const phone = person.phone?.replace(/-/g, "");
  const said = person.allergies;
  const none =
    said &&
    NO_ALLERGIES.includes(
      said
        .trim()
        .toLowerCase()
        .replace(/[。.]$/, ""),
    );
  fill(place, {
    id: person.id,
    name: person.name,
    again,
    male: person.sex === "male",
    age: filledIn(words().age, { n: age(person.birth_date, today) }),
    registers: diseases.map((disease) => register(person, disease, today)),
    readings: person.readings?.length ? person.readings.slice(0, 2).map((row) => earlier(row, today)) : null,
    phone,
    allergies: said ? filledIn(words().allergies, { what: said }) : "",
    allergic: said && !none,
    unasked: !said,
    none,
  });
  place.hidden = false;
}

/** A disease, when its next visit is due, and whether a referral or a revisit waits. */
function register(person, disease, today) {
  const tasks = (person.tasks ?? []).filter((one) => one.disease === disease);
  const next = tasks.map(({ due_on }) => due_on).sort()[0];
  const tracking = tasks.filter(({ kind }) => kind === "referral_tracking");
  return {
    disease: named()[disease],
    due: next ? filledIn(words().due, { day: dayWords(next, today) }) : "",
    urgent: tracking.some(({ urgent }) => urgent),
    tracking: tracking.some(({ urgent }) => !urgent),
    revisit: tasks.some(({ kind }) => kind === "two_week"),
  };
}

function earlier({ visit_date, sbp, dbp, fpg }, today) {
  return {
    day: dayWords(visit_date, today),
    pressure: sbp ? `${sbp}/${dbp}` : "",
    glucose: fpg ? filledIn(words().glucose, { value: fpg }) : "",
  };
}

/** Take away what belongs to diseases that the person does not have, and from men what asks about a pregnancy. */
export function narrow(form, diseases, sex) {
  for (const part of form.querySelectorAll("[data-disease]"))
    if (!diseases.includes(part.dataset.disease)) part.remove();
  for (const part of form.querySelectorAll("[data-sex]")) if (part.dataset.sex !== sex) part.remove();
  if (!diseases.includes("diabetes"))
    for (const input of form.querySelectorAll('[name="unmeasurable"][value^="glucose"]'))
      input.closest("label").remove();
  if (diseases.length > 1) return;
  for (const legend of form.querySelectorAll("[data-disease] > legend, [data-disease] > summary"))
    legend.textContent = legend.textContent.split("·").pop().trim();
}

/**
 * What was recorded last, grey beside its field, and the buttons that take it over. `pending`: visits that are not in
 * the download yet.
 */
export function showLast(form, person, pending) {
  const drugs = Object.fromEntries(
    (person.conditions ?? [])
      .map(({ disease, drugs: own }) => [`${disease}.drugs`, own])
      .filter(([, own]) => own),
  );
  const height = person.height_cm ? { height_cm: person.height_cm } : {};
  const later = pending
    .filter(({ visit_date }) => visit_date >= (person.seen_on ?? ""))
    .sort((one, other) => one.visit_date.localeCompare(other.visit_date));
  const last = Object.assign(height, person.last, drugs, ...later.map(counted));
  for (const place of form.querySelectorAll("[data-was]")) {
    const value = last[place.dataset.was];
    place.hidden = value === undefined;
    if (value !== undefined)
      place.textContent = filledIn(named().was, { value: text(form, place.dataset.was, value) });
  }
  for (const button of form.querySelectorAll("[data-carry]")) {
    const keys = button.dataset.carry.split(" ").filter((key) => last[key] !== undefined);
    const own = button.value.replace("carry:", "");
    button.hidden = last[own] === undefined;
    if (button.hidden) continue;
    const entries = keys.flatMap((key) =>
      key.endsWith("drugs") ? drugEntries(key, last[key]) : [[key, String(last[key])]],
    );
    button.dataset.fill = JSON.stringify(Object.fromEntries(entries));
    button.querySelector(".was").textContent = text(form, own, last[own]);
  }
  document.getElementById("bmi").dataset.height = last.height_cm ?? "";
}

/** The values of a visit by the names of their boxes; of several pressures those that count. */
function counted(body) {
  const flat = { ...body, ...measured(body) };
  for (const disease of ["hypertension", "diabetes"])
    for (const [name, value] of Object.entries(body[disease] ?? {})) flat[`${disease}.${name}`] = value;
  return flat;
}

/** A value as the form itself words it. */
function text(form, key, value) {
  if (Array.isArray(value)) return value.map((drug) => medicine(form, key, drug)).join("；");
  const option = form.querySelector(`[name="${CSS.escape(key)}"][value="${CSS.escape(String(value))}"]`);
  return option?.closest("label")?.textContent.trim() ?? String(value);
}

function medicine(form, path, { name, times, per = "day", dose, unit = "", usage = "" }) {
  const word =
    form.querySelector(`#${CSS.escape(`${path}.0.per`)} option[value="${per}"]`)?.textContent ?? "";
  const often = times === undefined ? "" : filledIn(named().often, { per: word, n: times });
  const much = dose === undefined ? "" : filledIn(named().dose, { dose: `${dose}${unit}` });
  return [name ?? "—", often, much, usage].filter(Boolean).join(" ");
}
