// A new person, written down without a network. The number of the ID card is checked here; all else the server checks.
import { age } from "../domain/calendar.js";
import { readIdNumber } from "../domain/identity.js";
import { wrongPhone } from "../domain/phones.js";
import { settled } from "../modules/settled.js";
import { today as dayOf } from "./day.js";
import { device } from "./device.js";
import { all, beside, complain, drafted, enter, finish, mending, refused, text } from "./form.js";
import { list } from "./people.js";

const DRAFT = "resident";
const PREGNANCY = ["lmp", "edd", "delivered_on", "lactating_until"];
const NAMES = Object.fromEntries(PREGNANCY.map((name) => [`pregnancy.${name}`, name]));
const TEXTS = [
  "name",
  "id_number",
  "no_id_reason",
  "guardian_id",
  "sex",
  "birth_date",
  "region_code",
  "address",
  "ethnicity",
  "allergies",
  "note",
];
const form = () => document.getElementById("resident-form");
const words = () => document.getElementById("resident-words").dataset;

export async function showResident() {
  await offerVillages();
  const before = await mending();
  if (before) mend(before);
  const id = await drafted(form(), DRAFT, before);
  form().hidden = false;
  if (before) complain(form(), refused(before.item, NAMES));
  form().elements.id_number.addEventListener("change", readNumber);
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    save(id);
  });
}

async function offerVillages() {
  const field = form().elements.region_code;
  const known = (await device())?.work?.villages ?? (await villagesOfPeople());
  for (const { code, name } of known) field.add(new Option(name, code));
  if (known.length === 1) field.value = known[0].code;
}

async function villagesOfPeople() {
  const found = new Map((await list()).map(({ village_code, village }) => [village_code, village]));
  return [...found].map(([code, name]) => ({ code, name }));
}

/** The birthday and the sex stand in the number: nobody has to type them. Saving may follow in the same tap. */
function readNumber() {
  const said = text(form(), "id_number");
  if (!said || text(form(), "id_type") !== "id_card") return;
  const found = readIdNumber(said, dayOf());
  if (found.wrong) return settled(() => tellOnce("id_number", words()[found.wrong]));
  const { birth_date, id_number } = form().elements;
  [birth_date.value, id_number.value] = [found.birth_date, found.value];
  form().querySelector(`[name=sex][value=${found.sex}]`).checked = true;
  form().dispatchEvent(new Event("input", { bubbles: true }));
}

function tellOnce(name, said) {
  if (!document.getElementById(`${name}-error`)) beside(form(), name, said);
}

function wrong() {
  const errors = {};
  for (const name of ["name", "sex", "birth_date", "region_code"])
    if (!text(form(), name)) errors[name] = words()[name];
  const [number, born, today] = [text(form(), "id_number"), text(form(), "birth_date"), dayOf()];
  if (born && born > today) errors.birth_date = words().date;
  else if (born && age(born, today) > Number(words().oldest)) errors.birth_date = words().tooOld;
  const phone = numbers().map(wrongPhone).find(Boolean);
  if (phone) errors.phones = words()[phone.wrong].replace("{digits}", phone.digits);
  if (!number && !text(form(), "no_id_reason")) errors.no_id_reason = words().reason;
  if (!number || text(form(), "id_type") !== "id_card") return errors;
  const found = readIdNumber(number, today);
  if (found.wrong) return { ...errors, id_number: words()[found.wrong] };
  if (born && born !== found.birth_date) errors.birth_date = words().born;
  if (text(form(), "sex") && text(form(), "sex") !== found.sex) errors.sex = words().unlike;
  return errors;
}

async function save(id) {
  if (complain(form(), wrong())) return;
  await finish(form(), { id, kind: "resident", body: written(id) }, `/residents/${id}`);
}

const numbers = () =>
  (text(form(), "phones") ?? "")
    .split(/[、,，;；\n]+/)
    .map((one) => one.trim())
    .filter(Boolean);

function written(id) {
  const body = { id, id_type: text(form(), "id_type"), registered: Boolean(text(form(), "registered")) };
  for (const name of TEXTS) body[name] = text(form(), name);
  body.phones = numbers();
  body.groups = all(form(), "groups");
  const height = Number(text(form(), "height_cm"));
  if (height) body.height_cm = height;
  const dates = PREGNANCY.map((name) => [name, text(form(), name)]).filter(([, day]) => day);
  if (dates.length && body.groups.includes("PRG")) body.pregnancy = Object.fromEntries(dates);
  return body;
}

function mend({ body }) {
  const { phones = [], groups = [], pregnancy = {}, registered, id: _id, ...rest } = body;
  const plain = Object.entries({ ...rest, ...pregnancy }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const values = plain.map(([name, value]) => [name, String(value)]);
  for (const group of groups) values.push(["groups", group]);
  if (registered) values.push(["registered", "y"]);
  enter(form(), [...values, ["phones", phones.join("、")]]);
}
