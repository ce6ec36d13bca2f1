// <div data-progress="address"><progress></progress><p role="status"></p></div>: asks the address every two seconds
// for {done, total, text, next}; `next` is where to go when the work has ended.
import { send } from "./send.js";

const PAUSE = 2000;

function show(place, { done, total, text }) {
  const bar = place.querySelector("progress");
  const words = place.querySelector('[role="status"]');
  if (bar && total) {
    bar.max = total;
    bar.value = done;
  }
  if (words && text) words.textContent = text;
}

export async function followProgress(place) {
  try {
    const answer = await send(place.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      show(place, state);
      if (state.next) {
        window.location.assign(state.next);
        return;
      }
    }
  } catch {
    // No network for a moment: the next round asks again.
  }
  setTimeout(() => followProgress(place), PAUSE);
}
