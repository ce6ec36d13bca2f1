// The worker: keeps the shells and their files, shows them at once on a phone that is set up, and sends in the background.
// It never keeps an answer that holds a person.
import { PrecacheController } from "workbox-precaching/PrecacheController.js";
import { wind } from "./phone/clock.js";
import { inUse } from "./phone/device.js";
import { isOpen, shut, shutting } from "./phone/handoff.js";
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

/** What carries no script of ours that would cover it. */
const BARE = /^\/api\/|\.(csv|pdf|xlsx)$/;

const keeper = new PrecacheController();
keeper.addToCacheList(kept);
self.addEventListener("install", (event) => keeper.install(event));
self.addEventListener("activate", (event) => keeper.activate(event));

/** The shell of an address; none on a phone that is not set up, or where the page of the server is asked for. */
async function shellOf(url) {
  const [, name] = PLACES.find(([place]) => place.test(url.pathname)) ?? [];
  if (!name || url.searchParams.has("server")) return undefined;
  const [device, guest, lock] = await Promise.all(["device", "guest", "lock"].map((key) => get("meta", key)));
  return device && lock?.closed && !guest ? keeper.matchPrecache(shells + name) : undefined;
}

async function page(request) {
  const url = new URL(request.url);
  if (BARE.test(url.pathname) && (await locked(url))) return Response.redirect("/worklist");
  const home = url.pathname === "/" ? new URL("/worklist", url) : url;
  const shell = await shellOf(home).catch(() => undefined);
  return shell ?? fetch(request).catch(() => keeper.matchPrecache(`${shells}offline`));
}

/** Whether this phone is set up, and no page of it has the open key. */
async function locked(url) {
  const shell = await shellOf(new URL("/worklist", url)).catch(() => undefined);
  if (!shell || handed) return false;
  const pages = await self.clients.matchAll();
  return !(await Promise.all(pages.map(isOpen))).includes(true);
}

const file = async (request) => (await keeper.matchPrecache(request)) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // Who comes after opens this phone with its PIN, or not at all.
  if (request.method === "POST" && ANOTHER.test(new URL(request.url).pathname)) shut();
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (keeper.getCacheKeyForURL(request.url)) event.respondWith(file(request));
});

const PASSING = 15_000;
const ANOTHER = /^\/(login|activate|logout)$/;
let handed; // the open key on its way from one page to the next

shutting.addEventListener("shut", () => {
  handed = undefined;
});

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
  if (data.type === "forget") handed = undefined;
  if (data.type === "now") self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Fails where no server was reached: only then the browser tries again. */
async function send() {
  await wind();
  await inUse().catch(() => true);
  if ((await upload()) === "away") throw new Error("away");
}

self.addEventListener("sync", (event) => {
  if (event.tag === "upload") event.waitUntil(navigator.locks.request("tracker sync", send));
});
