// A contract signed or renewed without a network: on the spot with the finger, or on paper. contract.js of the page draws.
import { beginsOn, renewable } from "../domain/contract.js";
import { today as dayOf, written } from "./day.js";
import { device } from "./device.js";
import { draw, fill } from "./draw.js";
import { somebody } from "./everybody.js";
import { all, complain, drafted, enter, finish, mending, refused, startsAt, text } from "./form.js";
import { idHere } from "./recent.js";
import * as told from "./told.js";

const IMAGE_AT_MOST = 200_000;
/** The fields in which the server's reasons stand. */
const NAMES = {
  "signature.kind": "kind",
  "signature.by": "by",
  "signature.image": "pad",
  image: "pad",
  signature: "kind",
  resident_id: "signed_on",
};
const form = () => document.getElementById("contract-form");
const words = () => document.getElementById("contract-words").dataset;

export async function showContract() {
  const person = await somebody(idHere());
  if (!person) return location.replace(`/residents/${idHere()}`);
  const name = `contract:${person.id}`;
  const before = await mending();
  const old = before ? null : renewed(person);
  head(person, old);
  offer(person, (await device())?.work ?? {}, old);
  if (before) mend(before);
  const id = await drafted(form(), name, before);
  startsAt(form().elements.signed_on);
  form().hidden = false;
  if (before) {
    redraw(before.body.signature);
    complain(form(), refused(before.item, NAMES));
  }
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    save(person, id, old);
  });
}

/** The contract that this one follows: renewing is asked for by the address, and the day allows it. */
function renewed({ contract }) {
  const asked = new URLSearchParams(location.search).has("renew");
  return asked && contract && renewable(contract, dayOf(), around()) ? contract : null;
}

/** Days before and after a contract's end in which it may be renewed. */
function around() {
  const { before, after } = words();
  return { before: Number(before), after: Number(after) };
}

function head(person, old) {
  const about = old ? { renewing: true, team: old.team, until: written(old.end_on, "full") } : {};
  const shown = { ...person, ...about, who: told.who(person, dayOf()) };
  document.getElementById("contract-head").replaceChildren(draw("contract-who", shown));
  fill(form().querySelector(".form-action"), about);
  // Whose team and from when is what the old one says.
  for (const name of ["team", "start_on"]) form().elements[name].closest(".field").hidden = Boolean(old);
}

/** The team of the person's village first; without a list of teams the one that the person is signed with. */
function offer(person, { villages = [], packages = [] }, old) {
  const own = villages.find(({ code }) => code === person.village_code)?.team;
  const known = [old?.team, own, person.contract?.team, ...villages.map(({ team }) => team)];
  const teams = new Set(known.filter(Boolean));
  for (const team of teams) form().elements.team.add(new Option(team, team));
  const place = document.querySelector("#packages .choices");
  const offered = packages.length ? packages : [{ code: "BASIC", name: "BASIC" }];
  place.replaceChildren(...offered.map(({ code, name }) => draw("contract-package", { code, name })));
  for (const box of place.querySelectorAll("input")) box.checked = box.value === "BASIC";
}

async function save(person, id, old) {
  if (complain(form(), wrong(old))) return;
  const kind = text(form(), "kind");
  const signature = { kind, by: text(form(), "by") };
  if (kind === "drawn") signature.image = text(form(), "image");
  const body = {
    id,
    resident_id: person.id,
    team: old?.team ?? text(form(), "team"),
    years: Number(text(form(), "years")),
    packages: all(form(), "packages"),
    signed_on: text(form(), "signed_on"),
    start_on: old ? beginsOn(old, text(form(), "signed_on")) : text(form(), "start_on"),
    signature,
  };
  await finish(form(), { id, kind: "contract", resident_id: person.id, body }, `/residents/${person.id}`);
}

function wrong(old) {
  const errors = {};
  if (!text(form(), "team")) errors.team = words().team;
  if (!all(form(), "packages").length) errors.packages = words().packages;
  const signed = text(form(), "signed_on");
  if (!signed || signed > dayOf()) errors.signed_on = signed ? words().future : words().signed;
  else if (old && !renewable(old, signed, around()))
    errors.signed_on = words().window.replace("{end}", written(old.end_on, "full"));
  if (!text(form(), "kind")) errors.kind = words().kind;
  const image = text(form(), "image");
  if (text(form(), "kind") === "drawn" && !image) errors.pad = words().empty;
  if (image && image.length > IMAGE_AT_MOST) errors.pad = words().big;
  return errors;
}

function mend({ body }) {
  const { team, years, packages, signed_on, start_on, signature } = body;
  const values = { team, years: String(years), signed_on, start_on, kind: signature.kind, by: signature.by };
  const plain = Object.entries(values).filter(([, value]) => value !== undefined);
  enter(form(), [...plain, ...packages.map((code) => ["packages", code])]);
}

/** The signature as it was drawn, once the pad can be seen; changing it means signing anew. */
function redraw({ image }) {
  if (image) document.getElementById("pad").dispatchEvent(new CustomEvent("shown", { detail: image }));
}
