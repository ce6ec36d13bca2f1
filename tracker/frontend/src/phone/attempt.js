// A try to reach somebody, noted on the phone.
import { followConditions } from "../modules/when.js";
import { moment as current, now } from "./clock.js";
import { today as dayOf, moment, plus, wall } from "./day.js";
import { draw } from "./draw.js";
import { somebody } from "./everybody.js";
import { complain, drafted, enter, finish, mending, refused, text } from "./form.js";
import { idHere } from "./recent.js";
import { get } from "./store.js";
import * as told from "./told.js";

const AHEAD = 5 * 60_000;
const form = () => document.getElementById("attempt-form");

export async function showAttempt() {
  const person = await somebody(idHere());
  if (!person) return location.replace(`/residents/${idHere()}`);
  const [name, before] = [`attempt:${person.id}`, await mending()];
  const phone = person.phone?.replace(/-/g, "");
  document
    .getElementById("attempt-head")
    .replaceChildren(draw("attempt-who", { ...person, phone, who: told.who(person, dayOf()) }));
  form().elements.attempted_at.defaultValue = wall();
  followConditions(document);
  if (before) mend(before);
  const id = await drafted(form(), name, before);
  form().hidden = false;
  if (before) complain(form(), refused(before.item));
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    save(person, id);
  });
}

function mend({ body }) {
  const values = { outcome: body.outcome, until: body.until, note: body.note };
  enter(form(), [
    ["attempted_at", wall(new Date(body.attempted_at))],
    ...Object.entries(values).filter(([, v]) => v),
  ]);
}

async function save(person, id) {
  const [outcome, at] = [text(form(), "outcome"), text(form(), "attempted_at")];
  const until = form().elements.until.closest("[data-when]").hidden ? undefined : text(form(), "until");
  const errors = wrong(outcome, at, until, document.getElementById("attempt-words").dataset);
  if (complain(form(), errors)) return;
  const untouched = at === form().elements.attempted_at.defaultValue;
  const attempted_at = (untouched ? current() : moment(at)).toISOString();
  const body = { id, attempted_at, outcome, until, note: text(form(), "note") };
  const next = (await cameFromToday()) ? "/worklist" : `/residents/${person.id}`;
  await finish(form(), { id, kind: "attempt", resident_id: person.id, body }, next);
}

function wrong(outcome, at, until, words) {
  return {
    ...(outcome ? {} : { outcome: words.outcome }),
    ...(at && moment(at) <= now() + AHEAD ? {} : { attempted_at: at ? words.future : words.moment }),
    ...(at && until && until < at.slice(0, 10) ? { until: words.before } : {}),
    ...(at && until && until > plus(at.slice(0, 10), Number(words.most)) ? { until: words.far } : {}),
  };
}

/** Whoever called from the list goes on with the list. */
async function cameFromToday() {
  const called = await get("meta", "called");
  return called?.id === idHere() || /\/(worklist)?(\?.*)?$/.test(document.referrer);
}
