// The open key passes from page to page through the worker's memory, so that it never lies on the disk.
import { adopt, lock, opened } from "./keys.js";

const PATIENCE = 1_000;

/** The key is to be forgotten by every page: each hears of it, this one too. */
export const shutting = new EventTarget();
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("shut") : null;
if (channel) channel.onmessage = () => shutHere();

function shutHere() {
  lock();
  shutting.dispatchEvent(new Event("shut"));
}

/** Close this phone, whatever page of it is open. */
export function shut() {
  globalThis.navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
  channel?.postMessage("shut");
  shutHere();
}

/** Give the key to the worker when this page is left; until then say whether it is here. */
export function handOver() {
  navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
    if (data.type === "open") ports[0].postMessage(Boolean(opened()));
  });
  addEventListener("pagehide", () => {
    const key = opened();
    if (key) navigator.serviceWorker?.controller?.postMessage({ type: "hand", key });
  });
}

/** Asked by the worker: whether a page has the open key. One that does not answer soon has not. */
export function isOpen(page) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(resolve, PATIENCE, false);
    port1.onmessage = ({ data }) => resolve(data);
    page.postMessage({ type: "open" }, [port2]);
  });
}

/** Take what the page before handed over; true when there was something. */
export function takeOver() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(false);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(false), PATIENCE);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data) adopt(data);
      resolve(Boolean(data));
    };
    worker.postMessage({ type: "take" }, [port2]);
  });
}
