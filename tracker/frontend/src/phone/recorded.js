// What was recorded on this phone, as its lists and pages show it beside what was downloaded.
import { measured } from "../domain/facts.js";
import { device } from "./device.js";
import { ATTENTION, content, HANDED, HERE, items, UPLOADED } from "./outbox.js";
import { get } from "./store.js";

/**
 * The records that the download may not hold yet, in the order of their making, each `{item, body, waits}`;
 * of contacts all that this phone remembers. `waits`: not on the server.
 */
export async function recorded() {
  const fetched = (await get("meta", "fetched_at")) ?? 0;
  const found = [];
  for (const item of (await items()).sort((one, other) => one.sequence - other.sequence)) {
    if (item.state === HANDED || !(item.kind === "attempt" || fresh(item, fetched))) continue;
    const body = await content(item);
    if (body) found.push({ item, body, fresh: fresh(item, fetched), waits: item.state !== UPLOADED });
  }
  return found;
}

const fresh = ({ state, acked_at }, fetched) =>
  state === HERE || state === ATTENTION || (state === UPLOADED && acked_at > fetched);

/** What the server will take of a kind and has not told us of yet, in the order of its making. */
export const accepted = (records, kind) =>
  records
    .filter(({ item, fresh }) => fresh && item.kind === kind && item.state !== ATTENTION)
    .map(({ body }) => body);

/** Whether a visit of the day is known: from the download, or from this phone, even where it needs attention. */
export const seenOn = ({ seen_on, records }, day) =>
  seen_on === day || records.some(({ item, body }) => item.kind === "visit" && body.visit_date === day);

/** Visits of this phone before the readings that were downloaded, in the order of their days. */
export const readingsWith = (visits, readings = []) =>
  [...visits.map(reading).reverse(), ...readings]
    .filter(({ sbp, fpg }) => sbp || fpg)
    .sort((one, other) => other.visit_date.localeCompare(one.visit_date));

/** The figures that a visit counts for, as they are downloaded afterwards. */
function reading(body) {
  const fpg = body.diabetes?.fpg;
  return { visit_date: body.visit_date, ...measured(body), ...(fpg && { fpg }) };
}

/** Whom a record is about; a new person is about itself. */
export const whom = (item, body) =>
  item.resident_id ?? (item.kind === "resident" ? item.id : body.resident_id);

/** People whom only this phone knows, in the form of those that were downloaded. */
export async function newPeople(records, known) {
  const villages = (await device())?.work?.villages ?? [];
  const there = new Set(known.map(({ id }) => id));
  return records
    .filter(({ item }) => item.kind === "resident" && !there.has(item.id))
    .map(({ item, body }) => shaped(item, body, villages));
}

function shaped({ id }, body, villages) {
  const village = villages.find(({ code }) => code === body.region_code)?.name ?? "";
  const { name, sex, birth_date, region_code, allergies = null, groups = [] } = body;
  const phone = (body.phones ?? [])[0]?.replace(/[（(].*$/, "").trim() || null;
  const empty = { tasks: [], diseases: [], readings: [], conditions: [], initials: "" };
  return {
    ...empty,
    id,
    name,
    sex,
    birth_date,
    village_code: region_code,
    village,
    allergies,
    groups,
    phone,
    only: true,
  };
}
