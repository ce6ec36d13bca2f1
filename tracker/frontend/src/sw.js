// The worker: keeps the shells and their files, shows them at once on a phone that is set up, and sends in the background.
// It never keeps an answer that holds a person.
import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { get } from "./phone/store.js";
import { upload } from "./phone/upload.js";

const { kept, shells } = self.TRACKER;
const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const PLACES = [
  [/^\/worklist$/, "today"],
  [/^\/residents$/, "residents"],
  [/^\/residents\/new$/, "resident"],
  [new RegExp(`^/residents/${ID}$`), "person"],
  [new RegExp(`^/residents/${ID}/visits/new$`), "visit"],
  [new RegExp(`^/residents/${ID}/attempts/new$`), "attempt"],
  [new RegExp(`^/residents/${ID}/contracts/new$`), "contract"],
  [/^\/c(\/[^/]+)?$/, "card"],
  [/^\/phone$/, "phone"],
];

precacheAndRoute(kept);

/** The shell of an address; none on a phone that is not set up, or where the page of the server is asked for. */
async function shellOf(url) {
  const [, name] = PLACES.find(([place]) => place.test(url.pathname)) ?? [];
  if (!name || url.searchParams.has("server")) return undefined;
  const [device, guest, lock] = await Promise.all(["device", "guest", "lock"].map((key) => get("meta", key)));
  return device && lock?.closed && !guest ? matchPrecache(shells + name) : undefined;
}

registerRoute(
  ({ request }) => request.mode === "navigate" && request.method === "GET",
  async ({ request, url }) => {
    const home = url.pathname === "/" ? new URL("/worklist", url) : url;
    const shell = await shellOf(home).catch(() => undefined);
    if (shell) return shell;
    return fetch(request).catch(() => matchPrecache(`${shells}offline`));
  },
);

const PASSING = 15_000;
let handed; // the open key on its way from one page to the next

self.addEventListener("message", ({ data, ports }) => {
  if (data.type === "hand") {
    handed = data.key;
    setTimeout(() => {
      handed = undefined; // no page of ours came next
    }, PASSING);
  }
  if (data.type === "take") {
    ports[0].postMessage(handed);
    handed = undefined;
  }
  if (data.type === "now") self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("sync", (event) => {
  if (event.tag === "upload") event.waitUntil(navigator.locks.request("tracker sync", () => upload()));
});
