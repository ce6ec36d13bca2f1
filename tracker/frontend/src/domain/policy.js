// What a policy pack answers: the JSON is the very one that the server judges by.
import { addDays, addMonths } from "./calendar.js";
import { holds } from "./predicate.js";

/** One predicate of a disease: `controlled`. */
export const asks = (pack, disease, question, facts) =>
  holds(pack.diseases[disease][question], facts, pack.thresholds);

const truths = (pack, rows, facts) => rows.filter((row) => holds(row.when, facts, pack.thresholds));

/** The rows of a disease's table that are true of the facts, in order. */
export const matching = (pack, disease, table, facts) => truths(pack, pack.diseases[disease][table], facts);

export const classify = (pack, facts) => truths(pack, pack.classes, facts)[0]?.class ?? null;

export const decide = (pack, facts) => truths(pack, pack.decisions, facts)[0]?.step ?? null;

export const taskOf = (pack, step) => pack.steps[step]?.task ?? null;

export const referralOf = (pack, step) => pack.steps[step]?.referral ?? null;

/** The day an interval ends: by task kind. */
export function due(pack, interval, start) {
  const { months = 0, days = 0 } = pack.intervals[interval];
  return addDays(addMonths(start, months), days);
}

/** A reason or an advice in words; Chinese unless the locale is English. */
export function reasonText(pack, locale, code, params = {}) {
  const words = { ...pack.thresholds, ...params };
  return pack.texts[code][locale.startsWith("en") ? "en" : "zh"].replace(
    /%(?:%|\((\w+)\)(s|\.1f))/g,
    (_, name, form) => (name === undefined ? "%" : form === "s" ? String(words[name]) : tenths(words[name])),
  );
}

// Of two tenths equally near, Python shows the even one.
const tenths = (value) => (value % 1 === 0.25 ? value - 0.05 : value).toFixed(1);
