// Finding a person on the phone: by what is typed, among those opened last, or in the whole list.
import { isCode, tidy } from "../domain/card.js";
import { today as dayOf } from "./day.js";
import { draw, inTurn } from "./draw.js";
import { everybody } from "./everybody.js";
import { byCard, matches } from "./find.js";
import { recent } from "./recent.js";
import { Refusal, session } from "./server.js";
import { state, told as synced } from "./sync.js";
import { apart, inOrder, late } from "./tasks.js";
import * as told from "./told.js";

const PER_PAGE = 30;
/** Before its day only an urgent referral is marked here. */
const QUIET = { tracking: false, revisit: false, recontact: false, soon: false, open: false };
const part = (id) => document.getElementById(id);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

let [all, shown, asking] = [[], PER_PAGE, false];

export async function showResidents() {
  const field = part("q");
  field.form.addEventListener("submit", searched);
  field.addEventListener("input", () => {
    shown = PER_PAGE;
    redraw();
  });
  part("found").addEventListener("click", (event) => {
    if (!event.target.closest("[data-more]")) return;
    shown += PER_PAGE;
    redraw();
  });
  part("everywhere").addEventListener("submit", everywhere);
  synced.addEventListener("change", () => state.running || load());
  await load();
}

const load = inTurn(loaded);

async function loaded() {
  all = (await everybody()).people;
  await redraw();
}

async function searched(event) {
  event.preventDefault();
  const said = part("q").value;
  if (!isCode(tidy(said))) return redraw();
  const found = byCard(all, said);
  location.assign(found ? `/residents/${found.id}` : `/c/${tidy(said)}`);
}

/** What was typed goes to the server in a form, for the browser writes addresses down; where nobody answers it stays. */
async function everywhere(event) {
  const { target: form } = event;
  const { q, csrf_token: token } = form.elements;
  q.value = part("q").value.trim();
  if (token.value) return; // it is on its way
  event.preventDefault();
  if (asking) return;
  asking = true;
  try {
    token.value = (await session()).csrf_token;
  } catch (error) {
    if (error instanceof Refusal) return location.assign(`${form.action}?server`);
    token.value = "none"; // sent all the same: the form itself says that nobody answers, and stays
  } finally {
    asking = false;
  }
  if (form.requestSubmit) form.requestSubmit();
  else form.submit();
  token.value = "";
}

const redraw = inTurn(drawn);

async function drawn() {
  const said = part("q").value.trim();
  const today = dayOf();
  const ids = said ? [] : await recent();
  const known = new Map(all.map((one) => [one.id, one]));
  const found = said ? all.filter(matches(said)) : all;
  const last = ids.map((id) => known.get(id)).filter(Boolean);
  const words = part("found-words").dataset;
  const row = (one) => card(one, today);
  part("found").replaceChildren(
    draw("found-page", {
      recent: last.length ? last.map(row) : null,
      total: fill(said ? words.found : words.all, { n: found.length }),
      people: found.length ? found.slice(0, shown).map(row) : null,
      shown: fill(words.shown, { total: found.length, shown: Math.min(shown, found.length) }),
      more: found.length > shown,
      some: found.length > 0,
      none: said && !found.length,
      empty: !said && !found.length,
    }),
  );
  part("everywhere").hidden = false;
}

function card(one, today) {
  const order = inOrder(today);
  const next = new Map();
  for (const task of [...one.tasks].sort(order)) if (!next.has(task.disease)) next.set(task.disease, task);
  return {
    id: one.id,
    name: one.name,
    who: told.who(one, today),
    absence: told.absence(apart(one, today)),
    phone: one.phone?.replace(/-/g, ""),
    only: one.only,
    tasks: [...next.values()].map((task) => ({
      ...told.task(one, task, today),
      ...(late(task, today) > 0 ? {} : QUIET),
      due: told.due(task.due_on, today),
    })),
  };
}
