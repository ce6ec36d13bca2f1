// The day's list on the phone: who is due, whom to call, and what was recorded here.
import { now } from "./clock.js";
import { today as dayOf, written } from "./day.js";
import { device } from "./device.js";
import { draw, inTurn } from "./draw.js";
import { everybody } from "./everybody.js";
import { changes } from "./outbox.js";
import { get, put } from "./store.js";
import { state, told as synced } from "./sync.js";
import { away, inOrder, lastTry, VIEWS } from "./tasks.js";
import * as told from "./told.js";
import { showUnfinished } from "./unfinished.js";
import { choose, hasOwn, listedFor, team } from "./whose.js";
import { ago, fresh } from "./words.js";

const PER_PAGE = 30;
const OLD = 24 * 3_600_000;
const CALLED = 2 * 3_600_000;
const place = () => document.getElementById("today");
const words = () => document.getElementById("today-words").dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

let shown = PER_PAGE;
let self = ""; // whose phone this is

export async function showToday() {
  takeChoice();
  place().addEventListener("click", clicked);
  addEventListener("popstate", redraw);
  changes.addEventListener("change", redraw);
  synced.addEventListener("change", () => state.running || redraw());
  document.addEventListener("visibilitychange", redraw);
  await redraw();
}

/** An address that asks for the team's list is a choice, and not one for each later redrawing. */
function takeChoice() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("whose")) return;
  choose(asked.get("whose"));
  asked.delete("whose");
  history.replaceState(null, "", `?${asked}`);
}

async function clicked(event) {
  const link = event.target.closest("a");
  if (link?.protocol === "tel:") {
    await put("meta", "called", { id: personOf(link), at: now() }).catch(() => {});
    await redraw();
  } else if (link && "inPlace" in link.dataset) {
    event.preventDefault();
    if ("whose" in link.dataset) choose(link.dataset.whose);
    else history.replaceState(null, "", link.href);
    shown = PER_PAGE;
    await redraw();
    place().querySelector("[aria-current], [data-in-place]")?.focus();
  } else if (event.target.closest("[data-more]")) {
    shown += PER_PAGE;
    await redraw();
  }
}

const personOf = (link) => link.closest(".person").querySelector(".person-name").pathname.split("/")[2];

const redraw = inTurn(drawn);

async function drawn() {
  const today = dayOf();
  document.getElementById("today-day").textContent = written(today, "weekday");
  const { people, fetched } = await everybody();
  const asked = new URLSearchParams(location.search);
  const view = Object.keys(VIEWS).find((name) => name === asked.get("view")) ?? "due";
  const { staff } = await device();
  self = staff.name;
  const [own, whole] = [hasOwn(people, staff), team()];
  const seen = listedFor(people, staff);
  const page = listed(seen, view, today, await called());
  const others = own && people.some(({ mine, tasks }) => !mine && tasks.length);
  place().replaceChildren(
    draw("today-page", {
      ...page,
      ...standing(fetched),
      counts: counts(seen, today),
      own: others && !whole,
      team: others && whole,
      recorded: some(people.filter(({ records }) => records.some(({ fresh }) => fresh)).map(noted)),
      never: fetched === null ? words().never : "",
      nothing: fetched !== null && view === "due",
      filtered: view !== "due",
      following: view === "due" ? following(seen, today) : "",
    }),
  );
  mark(view);
  await showUnfinished(people);
}

function mark(view) {
  const chosen = place().querySelectorAll(".counts a");
  chosen[Object.keys(VIEWS).indexOf(view)]?.setAttribute("aria-current", "page");
}

async function called() {
  const last = await get("meta", "called");
  return last && now() - last.at < CALLED ? last : null;
}

const some = (rows) => (rows.length ? rows : null);

function standing(fetched) {
  if (fetched === null) return { fetched: "" };
  const said = fresh(fetched) ? words().fetchedNow : fill(words().fetched, { ago: ago(fetched) });
  return { fetched: said, old: now() - fetched > OLD };
}

function counts(people, today) {
  const tasks = people.flatMap((one) => one.tasks);
  return Object.entries(VIEWS).map(([view, holds]) => ({
    view,
    words: words()[view],
    n: tasks.filter((task) => holds(task, today)).length,
  }));
}

/** The people of a view, most urgent first, in the parts of the page, as many as are shown. */
function listed(people, view, today, called) {
  const order = inOrder(today);
  const rows = people
    .map((one) => ({ one, tasks: one.tasks.filter((task) => VIEWS[view](task, today)).sort(order) }))
    .filter(({ tasks }) => tasks.length)
    .map((row) => ({ ...row, apart: away(row.one, row.tasks, today) }))
    .sort((a, b) => side(a) - side(b) || order(a.tasks[0], b.tasks[0]));
  const part = rows.slice(0, shown);
  const drawn = (which) =>
    some(part.filter((row) => side(row) === which).map((row) => card(row, today, called)));
  const total = (found) => found.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const sizes = { persons: rows.length, total: total(rows), shown: total(part) };
  return {
    people: drawn(0),
    promised: drawn(1),
    absent: drawn(2),
    shown: rows.length ? fill(words().shown, sizes) : "",
    more: rows.length > shown,
    none: rows.length === 0,
  };
}

const side = ({ apart: found }) => (!found ? 0 : found.why === "promised" ? 1 : 2);

function card({ one, tasks, apart: found }, today, called) {
  const last = lastTry(one);
  return {
    id: one.id,
    name: one.name,
    who: told.who(one, today),
    visit: !found || found.why === "promised",
    absence: told.absence(found),
    pressing: one.tasks.some(({ urgent }) => urgent) && !tasks.some(({ urgent }) => urgent),
    tasks: tasks.map((task) => told.task(one, task, today)),
    contact: told.contact(last, self),
    phone: one.phone?.replace(/-/g, ""),
    called: called?.id === one.id && !writtenDown(one.records, called.at),
    marks: some(one.records.filter(({ item }) => item.state === "attention").map(told.mark)),
  };
}

/** Whether this phone's own call has been written down; the form keeps whole minutes. */
function writtenDown(records, at) {
  const own = lastTry({ records });
  return own && Date.parse(own.attempted_at) >= at - 60_000;
}

function noted(one) {
  const next = one.tasks.map(({ due_on }) => due_on).sort()[0];
  const marks = one.records.filter(({ fresh }) => fresh).map(told.mark);
  const pressing = one.tasks.some(({ urgent }) => urgent);
  return { id: one.id, name: one.name, pressing, marks, following: next ? told.due(next, dayOf()) : "" };
}

function following(people, today) {
  const later = people
    .flatMap((one) => one.tasks.map(({ due_on }) => ({ name: one.name, due_on })))
    .filter(({ due_on }) => !VIEWS.due({ due_on }, today))
    .sort((one, other) => (one.due_on < other.due_on ? -1 : 1))[0];
  return later ? fill(words().following, { name: later.name, day: written(later.due_on) }) : "";
}
