// The doctor's own people on this phone: one encrypted list to look through, one encrypted record for each person.
import { openTasks as openOf } from "../domain/advise.js";
import { decrypt, encrypt } from "./keys.js";
import { unsettled } from "./outbox.js";
import { get, transact, values } from "./store.js";

const LIST = "list";
/** Ids of those who stay for their records alone. */
const LEAVING = "leaving";
const SHOWN = [
  "id",
  "name",
  "initials",
  "sex",
  "birth_date",
  "village_code",
  "village",
  "village_group",
  "card",
  "phone",
  "seen_on",
  "readings",
  "mine",
  "contact",
  "status",
  "death_in_force",
];

/** Everybody in short: the keys of SHOWN, `diseases` and the open `tasks` with their disease. */
export async function list() {
  const kept = await get("meta", LIST);
  return kept ? decrypt(kept, LIST) : [];
}

/** One person whole, as the server sent it; null where this phone does not know them. */
export async function person(id) {
  const kept = await get("people", id);
  return kept ? decrypt(kept, id) : null;
}

/**
 * Take in one page of the download. `fresh`: it is the first of a whole list.
 * Whoever is no longer of this list stays until the server has everything that was recorded of them here: their
 * records can still be read and mended.
 */
export async function take({ people, removed, cursor }, fresh) {
  const before = fresh ? [] : await list();
  const gone = new Set([...removed, ...people.map(({ id }) => id)]);
  const short = [...before.filter(({ id }) => !gone.has(id)), ...people.map(shortened)];
  const closed = await encrypt(short, LIST);
  const records = await Promise.all(people.map(async (one) => [one.id, await encrypt(one, one.id)]));
  await transact(["meta", "people", "outbox"], async (stores) => {
    await leave(stores, removed, new Set(people.map(({ id }) => id)), fresh);
    // Waited for together: one after the other, each would wait for the slow phone's next turn.
    await Promise.all([
      ...records.map(([id, record]) => stores.people.put(record, id)),
      stores.meta.put(closed, LIST),
      stores.meta.put(cursor, "cursor"),
    ]);
  });
}

async function leave({ meta, people, outbox }, removed, arriving, all) {
  const before = all ? await people.getAllKeys() : ((await meta.get(LEAVING)) ?? []);
  const records = await outbox.getAll();
  const awaited = new Set(records.filter(unsettled).map(({ resident_id }) => resident_id));
  const gone = [...new Set([...before, ...removed])].filter((id) => !arriving.has(id));
  for (const id of gone) if (!awaited.has(id)) await people.delete(id);
  await meta.put(
    gone.filter((id) => awaited.has(id)),
    LEAVING,
  );
}

function shortened(one) {
  const short = Object.fromEntries(SHOWN.filter((key) => key in one).map((key) => [key, one[key]]));
  const conditions = one.conditions ?? [];
  short.diseases = conditions.map(({ disease }) => disease);
  short.tasks = openTasks(conditions);
  return short;
}

/** The open tasks of somebody's registers. */
export const openTasks = (conditions) => conditions.flatMap(openOf);

export const count = async () => (await values("people")).length;
