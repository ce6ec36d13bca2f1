// One person on the phone: what was downloaded, and what was recorded here since.
import { renewable, standing } from "../domain/contract.js";
import { today as dayOf, days, written } from "./day.js";
import { device } from "./device.js";
import { draw, inTurn } from "./draw.js";
import { somebody } from "./everybody.js";
import { changes } from "./outbox.js";
import { idHere } from "./recent.js";
import { state, told as synced } from "./sync.js";
import { apart, inOrder, lastTry, late } from "./tasks.js";
import * as told from "./told.js";
import { count, say } from "./words.js";

const place = () => document.getElementById("person");
const ENDING = 60;
const GONE = ["dead", "moved_out"];

export async function showPerson() {
  changes.addEventListener("change", redraw);
  synced.addEventListener("change", () => state.running || redraw());
  await redraw();
}

const redraw = inTurn(drawn);

async function drawn() {
  const found = await somebody(idHere());
  if (!found) return unknown();
  const { staff } = await device();
  place().replaceChildren(draw("person-page", page(found, dayOf(), staff.name)));
  const visits = document.getElementById("person-visit");
  visits.hidden = !(found.conditions ?? []).length || found.status === "dead";
  visits.href = `/residents/${found.id}/visits/new`;
  for (const line of place().querySelectorAll("svg[data-spark]")) spark(line, found);
}

/** Not in the list of this phone: with a line the server shows them. */
function unknown() {
  if (navigator.onLine) return location.replace(`${location.pathname}?server`);
  place().replaceChildren(draw("person-unknown", { id: idHere() }));
}

function page(one, today, self) {
  const drugs = (one.conditions ?? []).flatMap((condition) => (condition.drugs ?? []).map(drug));
  return {
    ...allergy(one),
    id: one.id,
    name: one.name,
    who: told.who(one, today),
    absence: told.absence(apart(one, today)),
    groups: some((one.groups ?? []).map((code) => ({ text: say(code.toLowerCase()) }))),
    phone: one.phone?.replace(/-/g, ""),
    conditions: some((one.conditions ?? []).map((condition) => register(one, condition, today))),
    readings: some((one.readings ?? []).map(reading)),
    pressure: (one.readings ?? []).filter(({ sbp }) => sbp).length > 1,
    glucose: (one.readings ?? []).filter(({ fpg }) => fpg).length > 1,
    drugs: some(drugs),
    ...agreement(one, today),
    contact: told.contact(lastTry(one), self),
    marks: some(one.records.filter(({ fresh }) => fresh).map(told.mark)),
    only: one.only,
    whole: !one.only,
    editable: one.only && one.records.find(({ item }) => item.kind === "resident")?.item.id,
  };
}

/** The contract as it stands today, and whether signing or renewing is to be offered: not where one waits here. */
function agreement({ contract, records, status }, today) {
  const open = !records.some(({ item }) => item.kind === "contract") && !GONE.includes(status);
  if (!contract) return { contract: "", unsigned: open };
  const { before, after } = document.getElementById("person-words").dataset;
  const [stands, left] = [standing(contract, today), days(today, contract.end_on)];
  const again = open && renewable(contract, today, { before: Number(before), after: Number(after) });
  return {
    contract: contract.team,
    [stands]: true,
    until: written(contract.end_on, "full"),
    ending: stands === "active" && left <= ENDING && !contract.follows_on,
    following: contract.follows_on ? written(contract.follows_on, "full") : "",
    renewable: again,
    unsigned: open && !again && !["active", "scheduled"].includes(stands),
  };
}

const some = (rows) => (rows.length ? rows : null);

/** What to be careful with; "无" was asked and answered. */
function allergy({ allergies }) {
  if (!allergies) return { unasked: true };
  const words = document.getElementById("person-words").dataset.noAllergies.split(",");
  const none = words.includes(
    allergies
      .trim()
      .replace(/[。.]+$/, "")
      .toLowerCase(),
  );
  return { allergies, allergic: !none, unallergic: none };
}

function register(one, { disease }, today) {
  const task = one.tasks.filter((open) => open.disease === disease).sort(inOrder(today))[0];
  const about = { disease: say(disease), due: told.due(task?.due_on, today), tasks: null };
  return task ? { ...about, ...told.task(one, task, today), soon: late(task, today) === 0 } : about;
}

function reading({ visit_date: on, sbp, dbp, fpg }) {
  return { on: written(on, "full"), pressure: sbp ? `${sbp}/${dbp}` : "", glucose: fpg ? String(fpg) : "" };
}

function drug({ name, times, per, dose, unit, usage }) {
  const often = times ? count(per === "week" ? "perWeek" : "perDay", times) : "";
  const much = dose ? say("each", { dose, unit: unit ?? "" }) : "";
  return { text: [name, often, much, usage].filter(Boolean).join(" · ") };
}

/** A line without words beside the figures, the oldest first; as the server draws it. */
function spark(svg, { readings }) {
  const name = svg.dataset.spark;
  const values = readings
    .map((one) => one[name])
    .filter((value) => value !== undefined)
    .reverse();
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (place) => (place * 100) / (values.length - 1);
  const y = (value) => 33 - (30 * (value - low)) / Math.max(high - low, 0.001);
  const line = svg.querySelector("polyline");
  line.setAttribute(
    "points",
    values.map((value, at) => `${x(at).toFixed(2)},${y(value).toFixed(2)}`).join(" "),
  );
}
