// People, tasks and records in words, as the templates of the views take them.
import { age } from "../domain/calendar.js";
import { today as dayOf, days, wall, written } from "./day.js";
import { late } from "./tasks.js";
import { count, say } from "./words.js";

const AMBER = 14;

export const who = ({ sex, birth_date, village, village_group = "" }, today) =>
  [say(sex), say("age", { n: age(birth_date, today) }), [village, village_group].filter(Boolean).join(" ")]
    .filter(Boolean)
    .join(" · ");

/** The last reading that counts for a disease, and its day; null where there is none. */
export function lastReading(person, disease) {
  const name = disease === "diabetes" ? "fpg" : "sbp";
  const found = (person.readings ?? []).find((reading) => reading[name] !== undefined);
  if (!found) return null;
  const figures = disease === "diabetes" ? `${found.fpg} mmol/L` : `${found.sbp}/${found.dbp}`;
  return { figures, on: found.visit_date };
}

/** A task for the template "task". */
export function task(person, open, today) {
  const [over, last] = [late(open, today), lastReading(person, open.disease)];
  const soft = ["routine", "recontact"].includes(open.kind) && over <= AMBER;
  return {
    urgent: Boolean(open.urgent),
    tracking: open.kind === "referral_tracking" && !open.urgent,
    revisit: open.kind === "two_week",
    recontact: open.kind === "recontact",
    soon: open.kind === "routine" && over <= 0 && over >= -7,
    open: open.kind === "routine" && over < -7,
    lateSoft: over > 0 && soft,
    lateHard: over > 0 && !soft,
    late: count("late", over),
    disease: say(open.disease),
    last: last ? say("last", { reading: last.figures }) : say("unread"),
    on: last ? say("brackets", { day: written(last.on) }) : "",
    when: over > 0 ? "" : left(-over),
  };
}

export const left = (n) => (n === 0 ? say("dueToday") : count("left", n));

/** When something is due: by its distance when that is near, else by its date. */
export function due(on, today) {
  if (!on) return say("nothingDue");
  const n = days(today, on);
  if (n < 0) return say("wasDue", { day: written(on, "full") });
  return n <= 7 ? left(n) : say("next", { day: written(on, "full") });
}

/** Why somebody is not pressed: 外出, 住院, 已报去世，待核实, 约到 11月27日. */
export const absence = (found) =>
  found ? say(named("apart", found.why), found.until ? { day: written(found.until) } : {}) : "";

/** The name of a code's word: codes stand apart from the other words, which may have the same name. */
const named = (kind, code) => `${kind}-${code}`.replace(/[-_](\w)/g, (_all, c) => c.toUpperCase());

const outcomeOf = ({ outcome }) => say(named("outcome", outcome));

/** A try to reach somebody: 11月20日 联系：答应来，约到 11月27日; and who tried, unless it was `self`. */
export function contact(attempt, self) {
  if (!attempt) return "";
  const { attempted_at, until, by } = attempt;
  const said = say("contacted", { day: written(dayOf(new Date(attempted_at))), outcome: outcomeOf(attempt) });
  const promise = until ? say("until", { day: written(until) }) : "";
  return said + promise + (by && by !== self ? say("by", { name: by }) : "");
}

/** One record of this phone for the template "mark". */
export function mark({ item, body }) {
  const [on, clock] = wall(new Date(item.made_at)).split("T");
  return {
    id: item.id,
    resident_id: item.resident_id ?? item.id,
    here: item.state === "here",
    attention: item.state === "attention",
    uploaded: item.state === "uploaded",
    what: say(`kind${item.kind[0].toUpperCase()}${item.kind.slice(1)}`),
    when: `${written(on)} ${clock}`,
    said: said(item.kind, body),
  };
}

/** What a record of this phone says, in short. */
export function said(kind, body) {
  if (kind === "attempt")
    return outcomeOf(body) + (body.until ? say("until", { day: written(body.until) }) : "");
  if (kind === "contract") return [body.team, count("years", body.years)].join(" · ");
  if (kind !== "visit") return "";
  const fpg = body.diabetes?.fpg;
  const pressures = (body.bp_readings ?? [[body.sbp, body.dbp]]).filter(([sbp]) => sbp);
  const read = pressures.map((pair) => pair.join("/")).join(" → ");
  const none = body.unmeasurable ? say(named("unmeasured", body.unmeasurable)) : "";
  return [read, fpg ? String(fpg) : "", none].filter(Boolean).join(" · ");
}
