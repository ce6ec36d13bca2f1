// Says on every page of a phone whose clock is wrong what it shows and what it should.
import { changed, moment, wrong } from "./clock.js";
import { say } from "./words.js";

const STYLE = {
  year: "numeric",
  month: "long",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

export function showClock() {
  const place = document.getElementById("clock-wrong");
  const draw = () => drawn(place);
  changed.addEventListener("change", draw);
  document.addEventListener("answered", draw); // the page's own part, in which it stood, is another
  draw();
}

function drawn(place) {
  place.hidden = !wrong();
  if (!wrong()) return;
  for (const [name, at] of [
    ["theirs", new Date()],
    ["true", moment()],
  ])
    place.querySelector(`[data-clock="${name}"]`).textContent = said(at);
  document.getElementById("main").prepend(place);
}

function said(at) {
  const language = document.documentElement.lang.startsWith("en") ? "en-GB" : "zh-CN";
  return new Intl.DateTimeFormat(language, { ...STYLE, timeZone: say("zone") || undefined }).format(at);
}
