// The badge at the top: green only when the server has named every record of this phone.
import { now } from "./clock.js";
import { changes, standing } from "./outbox.js";
import { state, told } from "./sync.js";
import { ago, count, fresh, say } from "./words.js";

const OLD = 24 * 3_600_000;
const TROUBLE = {
  away: "away",
  sign_in: "signin",
  other: "other",
  refused: "refused",
  unknown: "unknown",
  full: "space",
};
/** What a line that is gone does not change. */
const LASTING = ["other", "refused", "unknown"];

export function showBadge(place, owner) {
  const draw = async () => {
    const { here, attention, oldest } = await standing();
    const parts = [];
    if (here) parts.push(say("here", { n: here }));
    if (attention) parts.push(count("attention", attention));
    const at = Date.parse(oldest);
    if (oldest && !fresh(at)) parts.push(say("oldest", { ago: ago(at) }));
    const trouble = TROUBLE[navigator.onLine || LASTING.includes(state.last) ? state.last : "away"];
    if (trouble) parts.push(say(trouble, { name: owner }));
    if (!parts.length) parts.push(say("synced"));
    place.dataset.state = kind(here, attention, oldest, trouble);
    place.dataset.parts = parts.length;
    const link = document.createElement("a");
    link.href = "/phone";
    link.append(line(parts));
    place.replaceChildren(link);
  };
  changes.addEventListener("change", draw);
  told.addEventListener("change", draw);
  for (const kind of ["online", "offline"]) addEventListener(kind, draw);
  setInterval(draw, 60_000);
  return draw();
}

/** Where there is no room for all, the line breaks between them. */
function line(parts) {
  const whole = document.createElement("span");
  for (const [at, part] of parts.entries()) {
    const piece = document.createElement("span");
    piece.className = "nowrap";
    piece.textContent = at < parts.length - 1 ? `${part} ·` : part;
    whole.append(piece, " ");
  }
  return whole;
}

function kind(here, attention, oldest, trouble) {
  if (attention || (oldest && now() - Date.parse(oldest) > OLD)) return "attention";
  return here || trouble ? "here" : "synced";
}
