// Calendar arithmetic of the follow-up rules on days written YYYY-MM-DD: whole numbers, no clock, no time zone.

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const parts = (day) => day.split("-").map(Number);
const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const length = (year, month) => LENGTHS[month - 1] + (month === 2 && leap(year) ? 1 : 0);
const text = (year, month, day) =>
  [String(year).padStart(4, "0"), ...[month, day].map((n) => String(n).padStart(2, "0"))].join("-");

/** The same day `months` later, clipped to the end of a shorter month. */
export function addMonths(from, months) {
  const [year, month, day] = parts(from);
  const all = year * 12 + month - 1 + months;
  const [years, last] = [Math.floor(all / 12), (all % 12) + 1];
  return text(years, last, Math.min(day, length(years, last)));
}

/** So many days later, none or more. */
export function addDays(from, days) {
  let [year, month, day] = parts(from);
  day += days;
  while (day > length(year, month)) {
    day -= length(year, month);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return text(year, month, day);
}

/** Completed years on a day; who was born on 29 February completes a common year on 1 March. */
export function age(birth, on) {
  return parts(on)[0] - parts(birth)[0] - (on.slice(4) < birth.slice(4) ? 1 : 0);
}
