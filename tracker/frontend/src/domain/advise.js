// What the server will answer to a visit, told on the phone: from the person as last downloaded, under the same pack.
import { events } from "./events.js";
import { urgentReasons } from "./judge.js";
import { replay } from "./replay.js";

export { reasonText } from "./policy.js";
export { impossible, oddities } from "./ranges.js";

const CLOSING = ["dead", "moved_out", "refused", "misdiagnosed"];

/**
 * Judges the last of `visits`, the bodies that the server does not know yet; it may be incomplete.
 * `unsure`: something lies where only the server can tell what came before it; no date is given then, but a danger of
 * the visit itself stands whatever that was: `urgent` has its reasons.
 */
export function advise(pack, person, visits) {
  const typed = visits[visits.length - 1];
  const answer = { next_encounter_due: null, policy: pack.id, unsure: false, urgent: null, tasks: [] };
  const dues = [];
  for (const condition of person.conditions ?? []) {
    const told = events(condition.disease, person, visits).filter((event) => counts(condition, event));
    if (told.length && !knowable(condition, told)) {
      answer.unsure = true;
      const own = told.find(({ body }) => body === typed);
      answer.urgent ??= own ? urgentReasons(pack, condition.disease, own) : null;
      continue;
    }
    const { disease } = condition;
    const state = { ...condition.state, tasks: openTasks(condition) };
    const { judgements, next, tasks } = replay(pack, { disease, state }, told);
    answer.tasks.push(...tasks.map((task) => ({ ...task, disease })));
    const judgement = judgements.get(typed);
    if (judgement) answer[disease] = judgement;
    dues.push(judgement ? judgement.next_due : next?.due_on);
  }
  if (!answer.unsure) answer.next_encounter_due = dues.filter(Boolean).sort()[0] ?? null;
  return answer;
}

/** The open tasks of a register; `urgent`: it follows an urgent referral. */
export const openTasks = ({ disease, state, urgent }) =>
  (state?.tasks ?? []).map((task) => ({
    ...task,
    disease,
    urgent: Boolean(urgent) && task.kind === "referral_tracking",
  }));

/** The outcome of a referral from before the enrolment says nothing here. */
const counts = ({ enrolled_on: since }, event) => !event.outcome || event.on >= since;

/** Nothing that the server knows happened on these days or after them, as far as it matters. */
function knowable({ status, enrolled_on: since, state }, told) {
  const from = state?.judge_from ?? since;
  return !CLOSING.includes(status) && told.every((event) => event.on >= from);
}
