// The words of the phone's scripts stand in the page, in its language.
import { now as current } from "./clock.js";

const places = ["phone-words", "view-words"];

const found = (name) =>
  places.map((id) => document.getElementById(id)?.dataset[name]).find((text) => text !== undefined);

/** A text by its name with `{places}` filled in. */
export function say(name, values = {}) {
  return (found(name) ?? "").replace(/\{(\w+)\}/g, (_whole, key) => String(values[key] ?? ""));
}

/** The same of a number, which has a form for one where the language asks for it. */
export function count(name, n, values = {}) {
  const one = `${name}One`;
  return say(n === 1 && found(one) !== undefined ? one : name, { n, ...values });
}

const MINUTE = 60_000;

/** In the first minute: nobody says how old that is. */
export const fresh = (since, now = current()) => now - since < MINUTE;

/** 刚才 · 5 分钟前 · 2 小时前 · 3 天前 */
export function ago(since, now = current()) {
  const passed = Math.max(0, now - since);
  if (passed < MINUTE) return say("now");
  if (passed < 60 * MINUTE) return count("minutes", Math.floor(passed / MINUTE));
  if (passed < 24 * 60 * MINUTE) return count("hours", Math.floor(passed / (60 * MINUTE)));
  return count("days", Math.floor(passed / (24 * 60 * MINUTE)));
}
