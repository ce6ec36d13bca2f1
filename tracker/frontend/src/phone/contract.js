// A contract signed without a network: on the spot with the finger, or on paper. contract.js of the page draws.
import { today as dayOf } from "./day.js";
import { device } from "./device.js";
import { draw } from "./draw.js";
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
  document
    .getElementById("contract-head")
    .replaceChildren(draw("contract-who", { ...person, who: told.who(person, dayOf()) }));
  offer(person, (await device())?.work ?? {});
  const before = await mending();
  if (before) mend(before);
  const id = await drafted(form(), name, before);
  startsAt(form().elements.signed_on);
  form().hidden = false;
  if (before) complain(form(), refused(before.item, NAMES));
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    save(person, id);
  });
}

/** The team of the person's village first; without a list of teams the one that the person is signed with. */
function offer(person, { villages = [], packages = [] }) {
  const own = villages.find(({ code }) => code === person.village_code)?.team;
  const teams = new Set([own, person.contract?.team, ...villages.map(({ team }) => team)].filter(Boolean));
  for (const team of teams) form().elements.team.add(new Option(team, team));
  const place = document.querySelector("#packages .choices");
  const offered = packages.length ? packages : [{ code: "BASIC", name: "BASIC" }];
  place.replaceChildren(...offered.map(({ code, name }) => draw("contract-package", { code, name })));
  for (const box of place.querySelectorAll("input")) box.checked = box.value === "BASIC";
}

async function save(person, id) {
  if (complain(form(), wrong())) return;
  const kind = text(form(), "kind");
  const signature = { kind, by: text(form(), "by") };
  if (kind === "drawn") signature.image = text(form(), "image");
  const body = {
    id,
    resident_id: person.id,
    team: text(form(), "team"),
    years: Number(text(form(), "years")),
    packages: all(form(), "packages"),
    signed_on: text(form(), "signed_on"),
    start_on: text(form(), "start_on"),
    signature,
  };
  await finish(form(), { id, kind: "contract", resident_id: person.id, body }, `/residents/${person.id}`);
}

function wrong() {
  const errors = {};
  if (!text(form(), "team")) errors.team = words().team;
  if (!all(form(), "packages").length) errors.packages = words().packages;
  const signed = text(form(), "signed_on");
  if (!signed || signed > dayOf()) errors.signed_on = signed ? words().future : words().signed;
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
  // On the pad it stands as it was drawn; changing it means signing anew.
  if (signature.image)
    document.getElementById("pad").dispatchEvent(new CustomEvent("shown", { detail: signature.image }));
}
