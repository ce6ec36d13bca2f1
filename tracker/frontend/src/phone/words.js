// The words of the phone's scripts stand in the page, in its language.
const place = document.getElementById("phone-words");

/** A text by its name with `{places}` filled in. */
export function say(name, values = {}) {
  const text = place?.dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (_whole, key) => String(values[key] ?? ""));
}

const MINUTE = 60_000;

/** 刚才 · 5 分钟前 · 2 小时前 · 3 天前 */
export function ago(since, now = Date.now()) {
  const passed = Math.max(0, now - since);
  if (passed < MINUTE) return say("now");
  if (passed < 60 * MINUTE) return say("minutes", { n: Math.floor(passed / MINUTE) });
  if (passed < 24 * 60 * MINUTE) return say("hours", { n: Math.floor(passed / (60 * MINUTE)) });
  return say("days", { n: Math.floor(passed / (24 * 60 * MINUTE)) });
}
