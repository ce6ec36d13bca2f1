// Who is due on a day, in the server's order: from the downloaded tasks and what was recorded here since.
import { advise } from "../domain/advise.js";
import { concerns } from "../domain/facts.js";
import { due } from "../domain/policy.js";
import { today as dayOf, days, plus } from "./day.js";
import { ATTENTION } from "./outbox.js";
import { accepted } from "./recorded.js";

const SOON = 7;
const ABSENT = ["away", "hospitalised", "dead"];
const PROMISED = ["will_come", "later"];
const TRACKING = "referral_tracking";

/** The parts of the list, as the server has them; referrals stand in theirs from the day they were made. */
export const VIEWS = {
  due: (task, today) => task.due_on <= plus(today, SOON),
  urgent: ({ kind }) => kind === TRACKING,
  revisit: (task, today) => VIEWS.due(task, today) && task.kind === "two_week",
  overdue: (task, today) => task.due_on < today,
  week: (task, today) => VIEWS.due(task, today) && task.due_on >= today,
};

/** The open tasks of a person once the records of this phone are taken in; `whole`: the record as downloaded. */
export function tasksOf(pack, person, whole, records) {
  const [visits, tries] = ["visit", "attempt"].map((kind) => accepted(records, kind));
  let tasks = person.tasks ?? [];
  for (const disease of person.diseases ?? []) tasks = judged(pack, whole, disease, tasks, visits);
  return tasks.map((task) => searched(pack, task, tries));
}

/** A visit that the rules can judge here closes what was open and opens what follows. */
function judged(pack, whole, disease, tasks, visits) {
  const told = visits.filter((visit) => concerns(visit, disease));
  if (!pack || !whole || !told.length) return tasks;
  const answer = advise(pack, whole, told);
  if (answer.unsure || !answer[disease]) return tasks;
  const own = (task) => task.disease === disease;
  return [...tasks.filter((task) => !own(task)), ...answer.tasks.filter(own)];
}

/** Whoever cannot be found is looked for again an interval after the last try. */
function searched(pack, task, tries) {
  if (task.kind !== "recontact" || !pack) return task;
  const on = tries.map(({ attempted_at }) => dayOf(new Date(attempted_at))).sort();
  const last = on[on.length - 1];
  return last && last > task.opened_on
    ? { ...task, due_on: due(pack, "recontact", last), opened_on: last }
    : task;
}

/** The last contact that is known: this phone's own, or one `by` somebody that came with the download. */
export function lastTry({ contact, records }) {
  const own = records.filter(({ item }) => item.kind === "attempt" && item.state !== ATTENTION);
  const tries = own.map(({ body }) => body).sort(byMoment);
  const last = tries[tries.length - 1];
  if (!contact || !last) return contact ?? last;
  return byMoment(last, contact) > -SAME ? last : contact;
}

/** The server keeps whole seconds: what came back is the phone's own. */
const SAME = 1000;

const byMoment = (one, other) => Date.parse(one.attempted_at) - Date.parse(other.attempted_at);

/** Why somebody is not pressed now: a status, "dead" as reported, "died", or "promised" with the day; else null. */
export function apart(person, today) {
  const [last, records] = [lastTry(person), person.records];
  const heard = records.some(
    ({ item, body, fresh }) => fresh && item.kind === "attempt" && body.outcome === "died",
  );
  if (person.death_in_force) return { why: "died" };
  if (heard || person.status === "dead") return { why: "dead" };
  if (ABSENT.includes(person.status)) return { why: person.status };
  if (!last || !PROMISED.includes(last.outcome) || !last.until || last.until <= today) return null;
  return seenSince(person, dayOf(new Date(last.attempted_at)))
    ? null
    : { why: "promised", until: last.until };
}

/** Why somebody does not stand with the others in a list of these tasks; a promise to come never hides a referral. */
export function away(person, tasks, today) {
  const found = apart(person, today);
  const pressing = tasks.some(({ kind }) => kind === TRACKING);
  return found?.why === "promised" && pressing ? null : found;
}

function seenSince({ records, readings = [] }, day) {
  const seen = records.filter(({ item }) => item.kind === "visit").map(({ body }) => body.visit_date);
  return [...seen, ...readings.map(({ visit_date }) => visit_date)].some((on) => on > day);
}

/** Urgent referrals first, then the others, then by kind. */
export function rank(task, today) {
  if (task.kind === TRACKING) return task.urgent ? 0 : 1;
  if (task.kind === "two_week") return 2;
  if (task.kind === "routine" && task.due_on < today) return 3;
  return task.kind === "recontact" ? 4 : 5;
}

export function inOrder(today) {
  return (one, other) =>
    rank(one, today) - rank(other, today) ||
    (one.due_on < other.due_on ? -1 : Number(one.due_on > other.due_on));
}

/** Days past its day, negative before. */
export const late = (task, today) => days(task.due_on, today);
