// What has to be said before a visit is kept: the questions of the server's form, asked here because nobody else can.
// Answers problems as [field, code, values for the words]; the first of a field explains the others.

import { addDays } from "../domain/calendar.js";
import { pressure } from "../domain/facts.js";
import { impossible, oddities } from "../domain/ranges.js";
import { NONE, NOT_ASKED } from "./visit_body.js";

const LATE = 3;
const BLOCKS = ["hypertension", "diabetes"];
const UNMEASURED = { hypertension: ["bp"], diabetes: ["glucose_hi", "glucose_lo"] };
const LONGEST = { exam: 500 };
const LONG = 200;

/**
 * `known`: {today, enrolled by disease, tracking, height}; `said`: values of the boxes by name, from `boxes`.
 * `rules` are the page's: ranges, asks, pulse.
 */
export function problems(body, wrong, said, known, rules) {
  const found = new Map();
  const put = (field, code, values = {}) => found.has(field) || found.set(field, [field, code, values]);
  for (const [field, code] of Object.entries(wrong)) put(field, code);
  for (const ask of [numbers, days, texts, taps, readings, medicines, danger, odd])
    ask({ body, said, known, rules, put, met: body.mode === "clinic" || body.mode === "home" });
  return [...found.values()];
}

const own = (body) => BLOCKS.filter((disease) => body[disease]).map((disease) => [disease, body[disease]]);

/** Fields whose value cannot be: such a visit is neither kept nor judged. */
export function impossibles(body, height, rules) {
  const found = [];
  numbers({ body, known: { height }, rules, put: (field) => found.push(field) });
  return found;
}

function numbers({ body, known, rules, put }) {
  const check = (key, value, field) => {
    if (!impossible(rules.ranges, key, value)) return;
    const { label, low, high } = rules.ranges.find((row) => row.key === key);
    put(field, "out_of_range", { label, low, high, value });
  };
  for (const [key, value] of Object.entries(body)) check(key, value, key);
  for (const [disease, block] of own(body))
    for (const [key, value] of Object.entries(block)) {
      check(key, value, `${disease}.${key}`);
      if (key === "drugs" || key === "drug_changes")
        value.forEach((drug, index) => {
          check("times", drug.times, `${disease}.${key}.${index}.times`);
        });
    }
  (body.bp_readings ?? []).forEach(([sbp, dbp], index) => {
    const bad = impossible(rules.ranges, "sbp", sbp) || impossible(rules.ranges, "dbp", dbp) || dbp >= sbp;
    if (bad && index) put(`bp_readings.${index}.sbp`, "reading", { sbp, dbp });
  });
  if (body.sbp != null && body.dbp != null && body.dbp >= body.sbp)
    put("dbp", "crossed", { sbp: body.sbp, dbp: body.dbp });
  const metres = (body.height_cm ?? known.height) / 100;
  if (body.weight_kg && metres > 0)
    check("bmi", Math.round((body.weight_kg / metres ** 2) * 10) / 10, "weight_kg");
}

function days({ body, known, put }) {
  const on = body.visit_date;
  if (!on) return put("visit_date", "missing");
  // One day ahead is a wrong clock, which the server notes and forgives.
  if (on > addDays(known.today, 1)) put("visit_date", "future", { today: known.today });
  for (const [disease] of own(body)) {
    const since = known.enrolled[disease];
    if (since && on < since) put("visit_date", "before_enrolment", { on: since });
  }
  if (addDays(on, LATE) < known.today && !body.late_reason) put("late_reason", "late_reason_needed");
  const past = [["referral_form.outcome_on", body.referral_form?.outcome_on]];
  for (const [disease, block] of own(body)) {
    past.push([`${disease}.hba1c_on`, block.hba1c_on]);
    if (block.appointment_on && block.appointment_on < on)
      put(`${disease}.appointment_on`, "appointment_past");
  }
  for (const [field, day] of past)
    if (day && day > addDays(known.today, 1)) put(field, "future", { today: known.today });
}

function texts({ body, put }) {
  const check = (part, prefix) => {
    for (const [key, value] of Object.entries(part)) {
      const most = LONGEST[key] ?? LONG;
      if (typeof value === "string" && value.length > most)
        put(prefix + key, "string_too_long", { max_length: most });
    }
  };
  check(body, "");
  check(body.referral_form ?? {}, "referral_form.");
  for (const [disease, block] of own(body)) check(block, `${disease}.`);
}

function taps({ body, said, known, met, put }) {
  if (!body.mode) put("mode", "mode_needed");
  const ticked = said.get("emergency_signs") ?? [];
  const alone = ticked.filter((code) => code === NONE || code === NOT_ASKED);
  if (!ticked.length) put("emergency_signs", "signs_needed");
  else if (alone.length && ticked.length > 1) put("emergency_signs", "signs_exclusive");
  else if (alone.includes(NOT_ASKED) && met) put("emergency_signs", "signs_by_phone_only");
  for (const [disease, block] of own(body)) {
    const codes = block.symptoms ?? [];
    if (met && !codes.length && !block.symptoms_other) put(`${disease}.symptoms`, "symptoms_needed");
    if (codes.includes(1) && codes.length > 1) put(`${disease}.symptoms`, "symptom_exclusive");
    if (block.adverse_reaction === 2 && !block.adverse_reaction_text)
      put(`${disease}.adverse_reaction_text`, "explain_reaction");
    if (block.raised_classification && !block.raise_reason) put(`${disease}.raise_reason`, "explain_raise");
  }
  if (known.tracking && !body.referral_form?.outcome) put("referral_form.outcome", "outcome_needed");
}

function readings({ body, said, met, put }) {
  if ((body.sbp == null) !== (body.dbp == null)) put(body.dbp == null ? "dbp" : "sbp", "pressure_half");
  else if (met && !body.no_reading_reason && missing(body).length)
    put("no_reading_reason", "reading_missing");
  for (let index = 1; index < 6; index++) {
    const [upper, lower] = ["sbp", "dbp"].map((name) => `bp_readings.${index}.${name}`);
    const [sbp, dbp] = [upper, lower].map((name) => Boolean(said.get(name)?.[0]?.trim()));
    if (sbp !== dbp) put(dbp ? upper : lower, "pressure_half");
  }
}

/** Diseases without their reading; they will not be evaluated and keep their task. */
function missing(body) {
  const there = pressure(body);
  const measured = {
    hypertension: there.sbp !== null && there.dbp !== null,
    diabetes: body.diabetes?.fpg != null,
  };
  return own(body)
    .map(([disease]) => disease)
    .filter((disease) => !measured[disease] && !UNMEASURED[disease].includes(body.unmeasurable));
}

function medicines({ body, put }) {
  for (const [disease, block] of own(body))
    for (const list of ["drugs", "drug_changes"])
      (block[list] ?? []).forEach((drug, index) => {
        if (!drug.name) put(`${disease}.${list}.${index}.name`, "drug_name_needed");
      });
}

/** Symptoms, or a fast pulse, that may be a danger sign while none is ticked: asked once. */
function danger({ body, said, rules, put }) {
  if (said.has("not_danger") || body.emergency_signs?.length) return;
  for (const [field, code] of asking(body, rules)) put(field, code);
}

/** The fields that make one ask whether they are a danger sign. */
export function asking(body, rules) {
  const found = own(body)
    .filter(([disease, block]) => (block.symptoms ?? []).some((code) => rules.asks[disease]?.includes(code)))
    .map(([disease]) => [`${disease}.symptoms`, "danger_asked"]);
  if (body.diabetes && body.heart_rate > rules.pulse) found.push(["heart_rate", "pulse_asked"]);
  return found;
}

function odd({ body, rules, put }) {
  const confirmed = body.confirmed_odd ?? [];
  for (const key of oddities(rules.ranges, body))
    if (!confirmed.includes(key)) put(fieldOf(key, body), "odd_asked", { key });
}

/** The field of a value by the key of its range; a pulse pressure stands at the lower one, beside its tick. */
export function fieldOf(key, body) {
  if (key === "pulse_pressure") return "dbp";
  if (key in body) return key;
  return `${BLOCKS.find((disease) => key in (body[disease] ?? {}))}.${key}`;
}
