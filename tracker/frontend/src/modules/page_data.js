// What the server says to the page's script: JSON in a block of its own, and sentences with %(places)s.
export function pageData(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

/** The rules of the form; `kinds` by the key of each row. */
export function formRules() {
  const rules = pageData("visit-rules");
  const kinds = Object.entries(rules.kinds).flatMap(([kind, keys]) => keys.map((key) => [key, kind]));
  return { ...rules, kinds: Object.fromEntries(kinds) };
}

/** Days are told as the server tells them. */
export function sentence(words, values) {
  return words.replace(/%\((\w+)\)s/g, (_whole, name) => {
    const value = String(values[name] ?? "");
    return /^\d{4}-\d\d-\d\d$/.test(value) ? inFull(value) : value;
  });
}

/** A sentence with {places}. */
export function filledIn(words, values) {
  return (words ?? "").replace(/\{(\w+)\}/g, (_whole, name) => String(values[name] ?? ""));
}

const locale = () => (document.documentElement.lang.startsWith("en") ? "en-GB" : "zh-CN");

const inFull = (iso) => dated(iso, { year: "numeric", month: "short" });

/** A day as people say it, with its year where that is another one than `today`'s. */
export function dayWords(iso, today) {
  const year = iso.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  return dated(iso, { year, month: "long" });
}

function dated(iso, style) {
  const format = new Intl.DateTimeFormat(locale(), { ...style, day: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${iso}T00:00:00Z`));
}
