// The visits that the server does not know yet as the events of one register, in the order of their recording.
import { concerns, facts } from "./facts.js";

/** Each visit with anything for the disease, and the outcome of a referral that it carries. */
export function events(disease, person, visits) {
  return [...visits]
    .sort(recorded)
    .filter((body) => concerns(body, disease))
    .flatMap((body) => [visitOf(disease, person, body), ...outcomesOf(disease, body)]);
}

function visitOf(disease, person, body) {
  const { raised_classification: raised = null, raise_reason: reason } = body[disease];
  const about = {
    birthDate: person.birth_date,
    visitDate: body.visit_date,
    pregnant: Boolean(person.pregnant),
  };
  return {
    on: body.visit_date,
    mode: body.mode ?? null,
    facts: facts(disease, body, about),
    raised,
    raisedReason: reason || "",
    body,
  };
}

/** What the visit's own form says became of the referral; changed drugs are a changed treatment. */
function outcomesOf(disease, body) {
  const { outcome, outcome_on: on } = body.referral_form ?? {};
  if (!outcome) return [];
  const changed = (body[disease].drug_changes ?? []).length > 0;
  return [{ on: on ?? body.visit_date, visitDate: body.visit_date, outcome, changed }];
}

/** Two visits of one day count in the order of their recording; the one being typed comes last. */
function recorded(a, b) {
  const [first, second] = [a, b].map((body) => (body.recorded_at ? Date.parse(body.recorded_at) : Infinity));
  if (first !== second) return first < second ? -1 : 1;
  return (a.id ?? "") < (b.id ?? "") ? -1 : Number((a.id ?? "") > (b.id ?? ""));
}
