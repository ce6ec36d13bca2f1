// Somebody written down here whom the server knows already, under another id.
import { now } from "./clock.js";
import { content, HANDED, items, keep, note, unsettled } from "./outbox.js";

/**
 * What was recorded of the new person goes to the one who is there; the profile as it was typed lies with the lead.
 * False where a record cannot be read. Broken off half-way, it is done again from where it was.
 */
export async function join(id) {
  const all = await items();
  const { known } = all.find((item) => item.id === id);
  const own = all.filter((item) => item.resident_id === id && unsettled(item));
  const bodies = await Promise.all(own.map(content));
  if (!known || bodies.includes(null)) return false;
  for (const [place, { id: key, kind }] of own.entries()) {
    const body = bodies[place].resident_id ? { ...bodies[place], resident_id: known } : bodies[place];
    await keep({ id: key, kind, resident_id: known, body });
  }
  await note(new Map([[id, { state: HANDED, acked_at: now() }]]));
  return true;
}
