// The open key passes from page to page through the worker's memory, so that it never lies on the disk.
import { adopt, opened } from "./keys.js";

const PATIENCE = 1_000;

/** Give the key to the worker when this page is left. */
export function handOver() {
  addEventListener("pagehide", () => {
    const key = opened();
    if (key) navigator.serviceWorker?.controller?.postMessage({ type: "hand", key });
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
