// Judging one evaluation under a policy pack, and merging the readings of one day into one.
import { hasReading, highest, lowest } from "./facts.js";
import { asks, classify, decide, matching, referralOf } from "./policy.js";

const HIGHEST = ["sbp_max", "dbp_max", "glucose_max", "temperature", "heart_rate", "hypoglycaemia"];
const ANY = [
  "pregnant",
  "adverse_reaction",
  "adverse_reaction_uncontrollable",
  "complication_new",
  "complication_worse",
];
const ALL = ["signs", "unmeasurable"];
const FACE_TO_FACE = ["clinic", "home"];

/** Judge the visits of one day, in their order; the last evaluated one decides for all of them. */
export function judgeDay(pack, disease, visits, before) {
  const evaluated = visits.filter((visit) => hasReading(disease, visit.facts));
  const deciding = (evaluated.length ? evaluated : visits).slice(-1)[0];
  const merged = judge(pack, disease, whole(deciding, visits), before);
  return {
    on: deciding.on,
    judgements: visits.map((visit) =>
      visit === deciding ? merged : { ...judge(pack, disease, visit, before), visit },
    ),
    merged: Object.assign(merged, { visit: deciding }),
    meeting: evaluated.some(closes),
  };
}

/** The deciding visit with what the others of the day add. */
function whole(deciding, visits) {
  if (visits.length === 1) return deciding;
  const raising = visits.reduce((most, visit) => ((visit.raised ?? 0) >= (most.raised ?? 0) ? visit : most));
  const merged = merge(
    deciding.facts,
    visits.map((visit) => visit.facts),
  );
  return { ...deciding, facts: merged, raised: raising.raised, raisedReason: raising.raisedReason };
}

/** The deciding visit's reading with every danger, reaction and complication of the day. */
function merge(deciding, day) {
  const merged = { ...deciding };
  const told = (name) => day.map((facts) => facts[name]).filter((value) => value !== null);
  for (const name of HIGHEST) merged[name] = highest(told(name));
  merged.glucose_min = lowest(told("glucose_min"));
  for (const name of ANY) merged[name] = told(name).length ? told(name).some(Boolean) : null;
  for (const name of ALL) merged[name] = told(name).length ? told(name).flat() : null;
  return merged;
}

/** The reasons for an urgent referral that lie in a visit itself, whatever came before it; null without one. */
export function urgentReasons(pack, disease, visit) {
  const { referral, reasons } = judge(pack, disease, visit, { unsat: 0, adr: 0 });
  return referral === "urgent" ? reasons : null;
}

/** One evaluation by its own facts, after the streaks `before`; the tasks that follow are not known here. */
function judge(pack, disease, visit, before) {
  const evaluated = hasReading(disease, visit.facts);
  const [known, dangers] = weigh(pack, disease, visit, before, evaluated);
  known.next_step = decide(pack, known);
  const reasons = [...dangers, ...matching(pack, disease, "reasons", known)];
  return {
    evaluated,
    classification: known.classification,
    controlled: known.controlled,
    next_step: known.next_step,
    referral: referralOf(pack, known.next_step),
    reasons: reasons.map(({ code, params = [] }) => ({
      code,
      params: Object.fromEntries(params.map((name) => [name, known[name]])),
    })),
    advice: matching(pack, disease, "advice", known).map((row) => row.code),
    streaks: { unsat: known.unsat_streak, adr: known.adr_streak },
  };
}

/** The facts with what follows from them, and the rows of the dangers found. */
function weigh(pack, disease, visit, before, evaluated) {
  const [known, dangers] = [{ ...visit.facts }, []];
  known.controlled = evaluated ? asks(pack, disease, "controlled", known) : null;
  for (const whose of ["own_emergency", "foreign_emergency"]) {
    const found = matching(pack, disease, whose, known);
    known[whose] = found.length > 0;
    dangers.push(...found);
  }
  const computed = classify(pack, known);
  known.computed_class = computed;
  // The doctor may raise a class, never lower it; where nothing was found there is nothing to raise.
  known.classification = computed === null ? null : Math.max(computed, visit.raised ?? computed);
  known.raised = visit.raised;
  known.raised_reason = visit.raisedReason;
  known.unsat_streak = streak(before.unsat, evaluated, known.controlled === false);
  known.adr_streak = streak(before.adr, evaluated, known.adverse_reaction === true);
  return [known, dangers];
}

// A contact without a reading neither extends nor breaks a streak.
function streak(before, evaluated, again) {
  if (!evaluated) return before;
  return again ? before + 1 : 0;
}

/** Face to face, or not said, as in the baseline of a roster. */
const closes = (visit) => visit.mode === null || FACE_TO_FACE.includes(visit.mode);
