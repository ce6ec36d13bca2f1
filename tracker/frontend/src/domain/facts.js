// The facts of a visit that a policy pack may ask about, taken from the visit as it is sent.
// The mean of the last two of several pressure readings counts, unrounded; a dangerous one among them stands.
import { age } from "./calendar.js";

const READING = { hypertension: ["sbp", "dbp"], diabetes: ["fpg"] };
const PRESENT = 2; // code of the form's box 药物不良反应: 1 none, 2 present

/** JSON values by name, null where nothing was recorded; the whole encounter is looked at. */
export function facts(disease, visit, { birthDate, visitDate, pregnant }) {
  const [block, diabetes] = [visit[disease] ?? {}, visit.diabetes ?? {}];
  const heated = disease === "diabetes" || concerns(visit, "diabetes");
  return {
    age: age(birthDate, visitDate),
    pregnant,
    temperature: heated ? number(visit.temperature) : null,
    heart_rate: number(visit.heart_rate),
    signs: visit.emergency_signs ?? null,
    unmeasurable: visit.unmeasurable ? [visit.unmeasurable] : [],
    hypoglycaemia: number(diabetes.hypoglycaemia),
    hba1c: number(diabetes.hba1c),
    ...pressure(visit),
    ...glucose(diabetes),
    ...harm(block),
  };
}

/** Whether the visit can be evaluated: both pressures, or the fasting glucose. */
export const hasReading = (disease, known) => READING[disease].every((name) => known[name] !== null);

/** Whether the visit is about the disease; its own part may be empty, as after a call that found a danger sign alone. */
export const concerns = (visit, disease) => (visit[disease] ?? null) !== null;

export const highest = (values) => extreme(values, Math.max);
export const lowest = (values) => extreme(values, Math.min);

export function pressure(visit) {
  const rows = (visit.bp_readings ?? []).filter((row) => row.every((value) => number(value) !== null));
  const [sbp, dbp] = [number(visit.sbp), number(visit.dbp)];
  const noted = sbp === null && dbp === null && rows.length ? rows[0] : [sbp, dbp];
  const counted = rows.length < 2 ? noted : [mean(rows, 0), mean(rows, 1)];
  return {
    sbp: counted[0],
    dbp: counted[1],
    sbp_max: highest([sbp, ...rows.map((row) => row[0])]),
    dbp_max: highest([dbp, ...rows.map((row) => row[1])]),
  };
}

/** The pressure that counts in whole mmHg; a half is left off, as it never carries a mean to a limit. */
export function measured(visit) {
  const { sbp, dbp } = pressure(visit);
  return sbp === null || dbp === null ? {} : { sbp: Math.floor(sbp), dbp: Math.floor(dbp) };
}

function glucose(block) {
  const values = [block.fpg, block.ppg, block.random_glucose].map(number);
  return { fpg: values[0], glucose_min: lowest(values), glucose_max: highest(values) };
}

function harm(block) {
  const reaction = number(block.adverse_reaction);
  return {
    adverse_reaction: reaction === null ? null : reaction === PRESENT,
    adverse_reaction_uncontrollable: Boolean(block.adverse_reaction_uncontrollable),
    complication_new: block.complication === "new",
    complication_worse: block.complication === "worse",
  };
}

function mean(rows, side) {
  const [first, second] = rows.slice(-2);
  return (first[side] + second[side]) / 2;
}

function extreme(values, pick) {
  const known = values.filter((value) => value !== null);
  return known.length ? pick(...known) : null;
}

const number = (value) => (Number.isFinite(value) ? value : null);
