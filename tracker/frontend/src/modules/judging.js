// The judgement while one types: by the same pack and rules as the server's, which has the last word.
import { advise, reasonText } from "../domain/advise.js";
import { draw } from "../phone/draw.js";
import { bodyOf, withoutLater } from "../phone/visit_body.js";
import { impossibles } from "../phone/visit_check.js";
import { dayWords } from "./page_data.js";

const DISEASES = ["hypertension", "diabetes"];
const PAUSE = 150;

/** The diseases that the form asks about, and since when; those that a `body` is about, though care has ended. */
export function enrolled(person, body = {}) {
  const open = (person.conditions ?? []).filter(
    ({ status, disease }) =>
      body[disease] || !["dead", "moved_out", "refused", "misdiagnosed"].includes(status),
  );
  return Object.fromEntries(
    DISEASES.flatMap((disease) =>
      open.filter((one) => one.disease === disease).map((one) => [disease, one.enrolled_on]),
    ),
  );
}

/** `known`: {pack, person, today, pending}; answers what the server will say to the body. */
export function judged(known, body) {
  return advise(known.pack, known.person, [...(known.pending ?? []), body]);
}

/** A visit as the server answers it, in the form of what is judged here; its reasons are sentences already. */
export function heard(visit) {
  const judgement = (one) => ({ ...one, evaluated: one.controlled !== null, advice: [] });
  const own = DISEASES.filter((disease) => visit[disease]);
  return Object.fromEntries(own.map((disease) => [disease, judgement(visit[disease])]));
}

/** The cards of an answer; none where there is nothing to say yet. */
export function cards(known, body, answer) {
  const shown = DISEASES.filter((disease) => says(answer[disease]));
  const words = document.getElementById("visit-words").dataset;
  const told = shown.length ? DISEASES.filter((disease) => answer[disease]) : [];
  const cards = told.map((disease) =>
    draw("judged", card(known, answer[disease], body[disease] ?? {}, words[disease])),
  );
  if (answer.unsure && (answer.urgent || !cards.length)) cards.push(open(known, answer.urgent ?? []));
  return cards;
}

/** What only the server can judge; a danger in it is told at once. */
const open = ({ pack }, reasons) =>
  draw("judged-unsure", { urgent: reasons.length > 0, reasons: sentences(pack, reasons) });

function sentences(pack, reasons) {
  const lang = document.documentElement.lang;
  return reasons.map((reason) => ({
    text: reason.code ? reasonText(pack, lang, reason.code, reason.params) : reason,
  }));
}

const says = (one) => one && (one.evaluated || one.classification !== null || one.next_step !== null);

function card({ pack, today }, one, block, disease) {
  const reasons = [...one.reasons, ...one.advice.map((code) => ({ code }))];
  return {
    disease,
    [`class${one.classification}`]: true,
    unknown: one.classification === null && one.next_step !== 4,
    urgent: one.referral === "urgent",
    advised: one.referral === "advised",
    reasoned: reasons.length > 0,
    reasons: sentences(pack, reasons),
    step: one.next_step,
    [`step${one.next_step}`]: true,
    kept: !one.evaluated,
    next: one.next_due && !late(one, today) ? dayWords(one.next_due, today) : "",
    late: late(one, today) ? dayWords(one.next_due, today) : "",
    appointment: block.appointment_on ? dayWords(block.appointment_on, today) : "",
  };
}

/** What is still to be done may be late already: a task that stays, or what follows a visit of long ago. */
const late = ({ next_due }, today) => next_due && next_due < today;

/** The graver judgement in one line above the button, in sight whatever is being typed. */
function gravest(known, answer) {
  if (answer.urgent) return [draw("judged-line", { urgent: true })];
  const words = document.getElementById("visit-words").dataset;
  const told = DISEASES.filter((disease) => says(answer[disease]) && answer[disease].next_step);
  const grave = (disease) => answer[disease].next_step * 10 + (answer[disease].classification ?? 0);
  const [first] = [...told].sort((one, other) => grave(other) - grave(one));
  const named = told.length > 1 ? words[first] : "";
  return first ? [draw("judged-line", card(known, answer[first], {}, named))] : [];
}

const or = (found, otherwise) => (found.length ? found : otherwise);

/** Draw the judgement anew after every input. */
export function judgeWhileTyping(form, rules, known) {
  const place = document.getElementById("judgement");
  const verdict = document.getElementById("verdict");
  const before = [...place.childNodes];
  const since = enrolled(known.person);
  const update = () => {
    if (!form.isConnected) return; // kept meanwhile
    const { body: typed, wrong } = bodyOf(new FormData(form), rules.kinds, Object.keys(since), {});
    const body = withoutLater(typed, since);
    const amiss =
      Object.keys(wrong).length > 0 || impossibles(body, known.person.height_cm, rules).length > 0;
    const answer = body.visit_date && !amiss ? judged(known, body) : {};
    const waits =
      amiss && form.querySelector('[data-kind="impossible"]') ? [draw("judged-impossible", {})] : before;
    place.replaceChildren(...or(cards(known, body, answer), waits));
    verdict.replaceChildren(...gravest(known, answer));
  };
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (!place.querySelector(".judgement")) update();
}
