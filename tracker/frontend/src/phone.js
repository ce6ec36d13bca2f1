// On every page of those who may work without a network: the badge, the sending, the worker, and the page's own view.
import { showBadge } from "./phone/badge.js";
import { device, possible } from "./phone/device.js";
import { handOver, takeOver } from "./phone/handoff.js";
import { ensureOpen, lockWhenAway } from "./phone/lock.js";
import { showRecords } from "./phone/records.js";
import { put, remove } from "./phone/store.js";
import { keepInStep } from "./phone/sync.js";
import { startWorker } from "./phone/worker.js";

const { shell, staff } = document.body.dataset;
const view = shell ?? (location.pathname === "/phone" ? "phone" : undefined);
const VIEWS = { phone: showRecords };

async function begin() {
  const own = possible() ? await device() : undefined;
  if (!own) return VIEWS[view]?.();
  await atHome(own);
  startWorker();
  handOver();
  await takeOver();
  lockWhenAway();
  showBadge(document.getElementById("sync"), own.staff.name);
  if (shell) await ensureOpen();
  keepInStep();
  await VIEWS[view]?.();
}

/** Pages of the server say who is signed in: somebody else gets the server's pages and not the owner's list. */
async function atHome(own) {
  if (!staff) return;
  if (staff === own.staff.id) await remove("meta", "guest");
  else await put("meta", "guest", staff);
}

begin();
