// Days by the county's clock, wherever the phone's own stands, and how they are written.
import { moment as current } from "./clock.js";
import { say } from "./words.js";

const DAY = 86_400_000;
const PART = /y+|M+|d+|E+/g;

/** The clock on the county's wall: 2026-11-20T09:12. */
export function wall(moment = current()) {
  const options = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" };
  const clock = { hour: "2-digit", minute: "2-digit", timeZone: say("zone") || undefined };
  const parts = new Intl.DateTimeFormat("en-GB", { ...options, ...clock }).formatToParts(moment);
  const { year, month, day, hour, minute } = Object.fromEntries(
    parts.map(({ type, value }) => [type, value]),
  );
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

export const today = (moment = current()) => wall(moment).slice(0, 10);

/** The moment at which the county's clock shows this. */
export function moment(shown) {
  const guess = Date.parse(`${shown}Z`);
  return new Date(guess - (Date.parse(`${wall(new Date(guess))}Z`) - guess));
}

const number = (day) => Date.parse(`${day}T00:00:00Z`);

/** From one day to the other, negative backwards. */
export const days = (from, to) => Math.round((number(to) - number(from)) / DAY);

export const plus = (day, more) => new Date(number(day) + more * DAY).toISOString().slice(0, 10);

/** A day by the pattern of that name: "day" (11月20日), "full" (with the year), "weekday" (with its name). */
export function written(day, pattern = "day") {
  const [year, month, on] = day.split("-").map(Number);
  const values = {
    y: year,
    M: month,
    MMM: say("months").split(",")[month - 1],
    d: on,
    EEE: say("weekdays").split(",")[(new Date(number(day)).getUTCDay() + 6) % 7],
  };
  return say(pattern).replace(PART, (part) => values[part]);
}
