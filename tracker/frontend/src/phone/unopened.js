// The phone's own store does not open: that is said, and with a line the server's page is one tap away.
const SLOW = 15_000;

export function unopened() {
  const place = document.getElementById("store-failed");
  const line = place.querySelector("[data-line]");
  const show = () => {
    line.hidden = !navigator.onLine;
  };
  for (const kind of ["online", "offline"]) addEventListener(kind, show);
  show();
  for (const waiting of document.querySelectorAll("[data-opening]")) waiting.hidden = true;
  document.getElementById("main").prepend(place);
  place.hidden = false;
}

/** What `opening` answers; some browsers answer nothing at all, which is said meanwhile. */
export async function within(opening) {
  const late = setTimeout(unopened, SLOW);
  const found = await opening.finally(() => clearTimeout(late));
  for (const place of document.querySelectorAll("#store-failed")) place.hidden = true;
  return found;
}
