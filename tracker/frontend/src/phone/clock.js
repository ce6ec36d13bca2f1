// What time it is: by the server's clock as it was last heard, wherever the phone's own stands. The phone's own time is
// sent beside what it records, so that the server can say how far off it was.
import { get, put } from "./store.js";

const MINUTE = 60_000;
/** Less than this is the way of an answer and not a wrong clock. */
const NEAR = MINUTE;
/** From here on the doctor hears of it. */
const FAR = 30 * MINUTE;
const NOTED_EVERY = 10 * MINUTE;
/** As long as the phone can be read without the server: a later time cannot follow from the last one by waiting. */
const AT_MOST = 72 * 60 * MINUTE;

let ahead = 0; // how far the true time is ahead of the phone's clock
let noted = 0; // the true time that was kept last

export const changed = new EventTarget();

export const now = () => Date.now() + ahead;
export const moment = () => new Date(now());

/** Whether the phone's clock is so far off that the doctor should mend it. */
export const wrong = () => Math.abs(ahead) >= FAR;

/** Begin from what is kept: a clock that has jumped since is found out without the server, as far as that can be. */
export async function wind() {
  const kept = await get("meta", "clock");
  if (!kept) return;
  ahead = believed(kept, Date.now());
  note();
}

/** The last known difference, unless time would stand before what was seen already, or far after it. */
function believed({ ahead: last, seen }, own) {
  const follows = (time) => time >= seen - NEAR && time <= seen + AT_MOST;
  if (follows(own + last)) return last;
  if (follows(own)) return 0; // mended by hand meanwhile
  return own + last < seen ? seen - own : last;
}

/** The server has said in an answer what time it is. */
export function heard(date) {
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time)) return;
  const off = time - Date.now();
  const found = Math.abs(off) < NEAR ? 0 : off;
  if (Math.abs(found - ahead) < NEAR) return note();
  ahead = found;
  noted = 0;
  note();
  changed.dispatchEvent(new Event("change"));
}

function note() {
  if (Math.abs(now() - noted) < NOTED_EVERY) return;
  noted = now();
  put("meta", "clock", { ahead, seen: noted }).catch(() => {}); // it is heard again
}
