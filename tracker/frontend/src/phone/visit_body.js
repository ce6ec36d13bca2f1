// What stands in the boxes of the visit form as the body that the server takes: the same as its own form makes of them.
// `kinds` says by the key of a row how its box is read.

const DRUG = { name: "text", times: "whole", per: "text", dose: "number", unit: "text", usage: "text" };
const SAYS = ["name", "times", "dose", "usage"];
const DRUGS_AT_MOST = 20;
const READINGS_AT_MOST = 6;
const APART = /^\s*(\d{2,3})\s*[/\\、\-\s]\s*(\d{1,3})\s*(?:mmHg)?\s*$/i;
const ONE_GO = /^\s*([123]\d\d|[4-9]\d)(1\d\d|[2-9]\d)\s*$/;
export const NONE = "none";
export const NOT_ASKED = "not_asked";

/** `138/86` or `13886`, also in full-width figures, as both pressures; null for anything else. */
export function pressures(text) {
  const said = text.normalize("NFKC");
  const [, upper, lower] = APART.exec(said) ?? ONE_GO.exec(said) ?? [];
  return upper ? [upper, lower] : null;
}

/** Name and value of every box as a browser would send them, by name. */
export function boxes(entries) {
  const found = new Map();
  for (const [name, value] of entries) found.set(name, [...(found.get(name) ?? []), value]);
  for (const name of found.keys()) if (/(^|\.)sbp$/.test(name)) apart(found, name);
  return found;
}

function apart(found, name) {
  const lower = name.replace(/sbp$/, "dbp");
  const both = pressures(found.get(name)[0]);
  if (both === null || (found.get(lower)?.[0] ?? "").trim()) return;
  found.set(name, [both[0]]);
  found.set(lower, [both[1]]);
}

/**
 * `{body, wrong}`: what was typed, and by name the code of what could not be read.
 * `kept` stands in the body as it is: id, resident_id, recorded_at.
 */
export function bodyOf(entries, kinds, diseases, kept) {
  const typed = boxes(entries);
  const wrong = {};
  const body = {};
  for (const [key, kind] of Object.entries(kinds)) {
    const value = inBox(typed, key, kind, wrong);
    if (value !== null && value !== false && value !== "" && !(Array.isArray(value) && !value.length))
      write(body, key, value);
  }
  for (const disease of diseases) body[disease] ??= {};
  body.emergency_signs = signs(typed);
  body.mode ??= null;
  return { body: { ...body, ...kept }, wrong };
}

/** The ticked danger signs; empty for "none of them", null where nobody was asked. */
function signs(typed) {
  const ticked = typed.get("emergency_signs") ?? [];
  const found = ticked.filter((code) => code !== NONE && code !== NOT_ASKED);
  return found.length || ticked.includes(NONE) ? found : null;
}

function inBox(typed, key, kind, wrong) {
  if (kind === "drugs") return drugs(typed, key, wrong);
  if (kind === "readings") return readings(typed, wrong);
  const values = typed.get(key) ?? [];
  if (kind === "codes") return values.map(Number);
  if (kind === "words") return values;
  return read(values[0] ?? "", kind, (code) => {
    wrong[key] = code;
  });
}

function read(value, kind, say) {
  if (kind === "text") return value.trim();
  if (kind === "yes") return !["", "false", "False"].includes(value);
  if (kind === "word") return value || null;
  if (kind === "code") return value === "" ? null : Number(value);
  if (kind === "day") return day(value.trim(), say);
  const said = value.normalize("NFKC").trim().replace(/。/g, ".");
  if (said === "") return null;
  const whole = kind === "whole";
  const good = whole ? /^-?\d+$/.test(said) && said.length <= 9 : decimal(said);
  if (good) return Number(said);
  say(whole ? "int_type" : "number_type");
  return null;
}

const decimal = (said) => said.length <= 12 && /^-?(\d+\.?\d*|\.\d+)$/.test(said);

function day(said, say) {
  if (said === "") return null;
  const moment = Date.parse(`${said}T00:00:00Z`); // which takes 30 February for 2 March
  if (!Number.isNaN(moment) && new Date(moment).toISOString().startsWith(said)) return said;
  say("date_type");
  return null;
}

/** All pressures of the sitting when there is more than one, or the one that stands in a further box. */
function readings(typed, wrong) {
  const rows = [];
  let further = false;
  for (let index = 0; index < READINGS_AT_MOST; index++) {
    const prefix = index ? `bp_readings.${index}.` : "";
    const row = ["sbp", "dbp"].map((name) => inBox(typed, prefix + name, "whole", wrong));
    if (!row.every((value) => value !== null)) continue;
    rows.push(row);
    further ||= index > 0;
  }
  return further ? rows : [];
}

/** Rows that name a medicine, how often or how much; they follow each other without gaps. */
function drugs(typed, path, wrong) {
  const rows = [];
  for (let index = 0; index < DRUGS_AT_MOST; index++) {
    const said = (name) => typed.get(`${path}.${index}.${name}`)?.[0] ?? "";
    if (!SAYS.some((name) => said(name).trim())) continue;
    const place = `${path}.${rows.length}`;
    const row = {};
    for (const [name, kind] of Object.entries(DRUG)) {
      const value = read(name === "per" ? said(name) || "day" : said(name), kind, (code) => {
        wrong[`${place}.${name}`] = code;
      });
      if (value !== null && value !== "") row[name] = value;
    }
    if (SAYS.some((name) => name in row)) rows.push(row);
  }
  return rows;
}

function write(body, key, value) {
  const path = key.split(".");
  const name = path.pop();
  let part = body;
  for (const step of path) {
    part[step] ??= {};
    part = part[step];
  }
  part[name] = value;
}

/** A visit before one of two enrolments leaves that disease out, unless something was typed for it. */
export function withoutLater(body, enrolled) {
  const on = body.visit_date;
  const empty = Object.entries(enrolled)
    .filter(([disease, since]) => on && on < since && !Object.keys(body[disease] ?? {}).length)
    .map(([disease]) => disease);
  if (empty.length === Object.keys(enrolled).length) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => !empty.includes(key)));
}

/** The boxes that a kept body fills, as [name, value]; the way back from `bodyOf`. */
export function entriesOf(body, kinds) {
  const found = [];
  for (const [key, kind] of Object.entries(kinds)) {
    const value = key.split(".").reduce((part, name) => part?.[name], body) ?? null;
    if (key === "emergency_signs") found.push(...ticked(value).map((code) => [key, code]));
    else if (value !== null) found.push(...filled(key, kind, value));
  }
  for (const key of body.confirmed_odd ?? []) found.push(["confirmed_odd", key]);
  return found;
}

const ticked = (signs) => (signs === null ? [NOT_ASKED] : signs.length ? signs : [NONE]);

function filled(key, kind, value) {
  if (kind === "drugs") return drugEntries(key, value);
  if (kind === "readings")
    return value.flatMap(([sbp, dbp], place) => {
      const index = value.length > 1 ? place : 1; // the only one stood in a further box
      const prefix = index ? `bp_readings.${index}.` : "";
      return [
        [`${prefix}sbp`, String(sbp)],
        [`${prefix}dbp`, String(dbp)],
      ];
    });
  if (kind === "yes") return [[key, "y"]];
  return (Array.isArray(value) ? value : [value]).map((one) => [key, String(one)]);
}

/** Medicines as the boxes of their rows. */
export function drugEntries(path, drugs) {
  return drugs.flatMap((drug, index) =>
    Object.keys(DRUG)
      .filter((name) => drug[name] != null)
      .map((name) => [`${path}.${index}.${name}`, String(drug[name])]),
  );
}
