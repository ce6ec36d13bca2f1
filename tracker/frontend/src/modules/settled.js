// A field that is left by a tap elsewhere changes while the finger is down: what then moves the page would move the
// tapped thing away from under it, and the tap would be lost.
let held = false;
for (const [kind, down] of [
  ["mousedown", true],
  ["mouseup", false],
])
  addEventListener(
    kind,
    () => {
      held = down;
    },
    true,
  );

/** Run at once, or after the tap that is going on. */
export function settled(run) {
  if (held) addEventListener("mouseup", () => setTimeout(run), { capture: true, once: true });
  else run();
}
