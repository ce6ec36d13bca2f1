// On every page of those who may work without a network: the badge, the sending, the worker, and the page's own view.
import { showBadge } from "./phone/badge.js";
import { wind } from "./phone/clock.js";
import { showClock } from "./phone/clock_wrong.js";
import { device, justSignedIn, leaveSession, left, possible, stranger } from "./phone/device.js";
import { handOver, shutting, takeOver } from "./phone/handoff.js";
import { leased, unlocked } from "./phone/keys.js";
import { ensureOpen, lockWhenAway } from "./phone/lock.js";
import { ready } from "./phone/ready.js";
import { idHere, remember } from "./phone/recent.js";
import { get, remove } from "./phone/store.js";
import { atRest, keepInStep, synchronise } from "./phone/sync.js";
import { unopened, within } from "./phone/unopened.js";
import { say } from "./phone/words.js";
import { startWorker } from "./phone/worker.js";

const AGAIN = 2_000;
const { shell, staff } = document.body.dataset;
const view = shell ?? (location.pathname === "/phone" ? "phone" : undefined);
/** Who has forgotten the PIN chooses another, on a page that shows nobody. */
const resetting = view === "phone" && !shell && new URLSearchParams(location.search).has("again");
const VIEWS = {
  today: async () => (await import("./phone/today.js")).showToday(),
  residents: async () => (await import("./phone/residents.js")).showResidents(),
  person: async () => (await import("./phone/person.js")).showPerson(),
  card: async () => (await import("./phone/card.js")).showCard(),
  visit: async () => (await import("./phone/visit.js")).showVisit(),
  attempt: async () => (await import("./phone/attempt.js")).showAttempt(),
  resident: async () => (await import("./phone/resident.js")).showResident(),
  contract: async () => (await import("./phone/contract.js")).showContract(),
  phone: async () => (await import("./phone/records.js")).showRecords(),
};

/** Where the server's day is shown, it offers to set the phone up. */
async function offer() {
  if (document.getElementById("phone-lost")) await (await import("./phone/offer.js")).offerSetUp();
}

async function begin() {
  const own = possible() ? await within(device()) : undefined;
  if (!own && shell && view in VIEWS) return unopened();
  if (!own) return view === "phone" ? VIEWS.phone() : offer();
  document.getElementById("phone-offer")?.remove(); // that is done
  await wind();
  shutting.addEventListener("shut", () => closed(own));
  await atHome(own);
  startWorker();
  showClock();
  handOver();
  await takeOver();
  lockWhenAway(() => closed(own));
  showBadge(document.getElementById("sync"), own.staff.name);
  if (!shell && (await ended(own))) return location.reload(); // before anything else ends the session unseen
  await leased();
  keepInStep(); // locked as well: what waits is sent, and the lease renewed
  if (!unlocked() && (shell || (await owned())) && !resetting) {
    await ensureOpen();
    synchronise();
  }
  if (shell && idHere()) await remember(idHere());
  await VIEWS[view]?.();
}

/** Pages of the server say who is signed in: somebody else gets the server's pages and not the owner's list. */
async function atHome(own) {
  if (!staff) return;
  if (staff !== own.staff.id) return stranger(staff);
  if (await get("meta", "guest")) await remove("meta", "guest").catch(() => {}); // still the server's pages, then
}

/** The key is gone: the page goes with it, or hides behind the PIN. Who is there as a guest has a page of their own. */
async function closed(own) {
  if (!shell && staff !== own.staff.id) return;
  const gone = await revoked();
  if (gone) await lastSent();
  if (shell) location.reload();
  else if (gone) location.replace("/");
  else if (await owned()) await ensureOpen();
}

/** A phone that was taken out of use sends what waits before it is left: no page of its own comes after. */
async function lastSent() {
  const said = document.createElement("p");
  said.className = "alert alert-warning";
  said.textContent = say("refused");
  for (const part of document.body.children) part.hidden = true;
  document.body.append(said);
  await atRest();
}

const revoked = () =>
  device().then(
    (found) => found.revoked,
    () => false,
  );

/** Whether the session of this page had to end: after wrong PINs, or before another PIN is chosen. */
async function ended(own) {
  if (staff !== own.staff.id) return false;
  if (await get("meta", "leave")) {
    document.body.hidden = true; // until the server has answered
    while (await get("meta", "leave"))
      await left().catch(() => new Promise((resolve) => setTimeout(resolve, AGAIN)));
    return true;
  }
  if (!resetting || unlocked() || !(await owned()) || (await justSignedIn())) return false;
  await leaveSession();
  return true;
}

/** Whether the one who has set this phone up may open it, and nobody else is signed in on it. */
const owned = async () => (await get("meta", "lock"))?.closed && !(await get("meta", "guest"));

begin()
  .catch((error) => {
    console.error(error.name, error.message);
    if (shell && view in VIEWS) unopened();
  })
  .finally(ready);
