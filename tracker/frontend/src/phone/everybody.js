// Everybody this phone knows: those downloaded and those recorded here, with what was recorded of each.
import { list, openTasks, person } from "./people.js";
import { accepted, newPeople, readingsWith, recorded, whom } from "./recorded.js";
import { get } from "./store.js";
import { tasksOf } from "./tasks.js";

/** `{people, records, fetched}`: each of the people with open `tasks` as they stand now and the own `records`. */
export async function everybody() {
  const [downloaded, records, kept] = await Promise.all([list(), recorded(), get("meta", "policy")]);
  const added = await newPeople(records, downloaded);
  const own = new Map();
  for (const record of records) {
    const id = whom(record.item, record.body);
    own.set(id, [...(own.get(id) ?? []), record]);
  }
  const people = await Promise.all(
    [...downloaded, ...added].map((one) =>
      own.has(one.id) ? known(one, own.get(one.id), kept?.pack) : bare(one),
    ),
  );
  return { people, records, fetched: (await get("meta", "fetched_at")) ?? null };
}

const bare = (one) => ({ ...one, records: [] });

const known = async (one, records, pack) => ({
  ...one,
  ...standing(pack, one, one.only ? null : await person(one.id), records),
});

/** What the records of this phone change of somebody; `whole`: the record as downloaded. */
const standing = (pack, one, whole, records) => ({
  records,
  tasks: tasksOf(pack, one, whole, records),
  readings: readingsWith(accepted(records, "visit"), one.readings),
});

/** One person whole, downloaded or recorded here; null where this phone does not know them. */
export async function somebody(id) {
  const [downloaded, records, kept] = await Promise.all([person(id), recorded(), get("meta", "policy")]);
  const own = records.filter(({ item, body }) => whom(item, body) === id);
  const found = downloaded ?? (await newPeople(own, []))[0];
  if (!found) return null;
  const conditions = found.conditions ?? [];
  const short = {
    ...found,
    diseases: conditions.map(({ disease }) => disease),
    tasks: openTasks(conditions),
  };
  return { ...short, ...standing(kept?.pack, short, downloaded, own) };
}
