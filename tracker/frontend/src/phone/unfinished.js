// Forms that were begun on this phone and not kept yet, each with the way back into it.
import { draw } from "./draw.js";
import { get, keys } from "./store.js";
import { draftOf } from "./visit_draft.js";
import { ago } from "./words.js";

const FORMS = { visit: "visits", attempt: "attempts", contract: "contracts" };

/** Show them in the page's own place; `people` as everybody() has them. */
export async function showUnfinished(people) {
  const place = document.getElementById("unfinished");
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const found = (await Promise.all((await keys("drafts")).map(begun))).filter(Boolean);
  found.sort((one, other) => other.at - one.at);
  const rows = found.map((one) => row(one, names));
  place.querySelector("ul").replaceChildren(...rows);
  place.hidden = !rows.length;
}

/** One by its key: a form and its person, a new resident, or `item:` a record that is being mended. */
async function begun(key) {
  const draft = await draftOf(key);
  if (!draft) return null;
  const [form, id] = key.split(":");
  if (form !== "item") return { kind: form, resident: id, draft, at: draft.at };
  const record = await get("outbox", id);
  return record && { kind: record.kind, resident: record.resident_id, item: id, draft, at: draft.at };
}

function row({ kind, resident, item, draft, at }, names) {
  const typed = (draft.values ?? []).find(([name]) => name === "name")?.[1];
  const name = kind === "resident" ? typed : names.get(resident);
  const drawn = draw("unfinished-row", { [kind]: true, name: name || "…", when: ago(at) });
  const path = kind === "resident" ? "/residents/new" : `/residents/${resident}/${FORMS[kind]}/new`;
  drawn.querySelector("a").href = item ? `${path}?item=${item}` : path;
  return drawn;
}
