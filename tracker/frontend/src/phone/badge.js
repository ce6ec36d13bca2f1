// The badge at the top: green only when the server has named every record of this phone.
import { changes, standing } from "./outbox.js";
import { state, told } from "./sync.js";
import { ago, say } from "./words.js";

const OLD = 24 * 3_600_000;
const TROUBLE = { away: "away", sign_in: "signin", other: "other", refused: "refused" };

export function showBadge(place, owner) {
  const draw = async () => {
    const { here, attention, oldest } = await standing();
    const parts = [];
    if (here) parts.push(say("here", { n: here }));
    if (attention) parts.push(say("attention", { n: attention }));
    if (oldest) parts.push(say("oldest", { ago: ago(Date.parse(oldest)) }));
    const trouble = TROUBLE[state.last ?? (navigator.onLine ? "" : "away")];
    if (trouble) parts.push(say(trouble, { name: owner }));
    if (!parts.length) parts.push(say("synced"));
    place.dataset.state = kind(here, attention, oldest);
    const link = document.createElement("a");
    link.href = "/phone";
    link.textContent = parts.join(" · ");
    place.replaceChildren(link);
  };
  changes.addEventListener("change", draw);
  told.addEventListener("change", draw);
  setInterval(draw, 60_000);
  return draw();
}

function kind(here, attention, oldest) {
  if (attention || (oldest && Date.now() - Date.parse(oldest) > OLD)) return "attention";
  return here ? "here" : "synced";
}
