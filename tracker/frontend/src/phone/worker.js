// Registers the worker of this role and language. A newer one takes over when no draft is open.
const PATIENCE = 10_000;

export async function startWorker() {
  if (!navigator.serviceWorker) return;
  const { role, lang, shell } = document.body.dataset;
  const address = `/sw.js?${new URLSearchParams({ role, locale: lang })}`;
  // The pages' policy lets no plain text name a script.
  const trusted = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: (own) => own });
  const registration = await navigator.serviceWorker.register(trusted?.createScriptURL(address) ?? address);
  const settle = () => {
    // Only from the list, where nothing is being typed.
    if (shell === "today") registration.waiting?.postMessage({ type: "now" });
  };
  settle();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", settle);
  });
}

/** Resolves when the worker answers for this page, or after some seconds however it stands. */
export async function controlled() {
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const ready = new Promise((done) => {
    navigator.serviceWorker?.addEventListener("controllerchange", done, { once: true });
  });
  await startWorker().catch(() => {});
  if (!navigator.serviceWorker?.controller) await Promise.race([ready, late]);
}

/** Ask the browser to send once there is a line, even after the page is closed; not every browser does. */
export async function sendLater() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("upload").catch(() => {});
}
