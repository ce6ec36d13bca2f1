// Telephone numbers of the mainland numbering plan, as the server reads them: mobiles, landlines with their area code.
const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^0\d{2,3}-?\d{7,8}$/;
const LOCAL = /^[2-8]\d{6,7}$/;
const COUNTRY = /^\+?0{0,2}86[- ]?(?=1[3-9]\d{9}$|0?\d{2,3}-?\d{7,8}$)/;
const COUNTRY_APART = /(^|\D)\+?(?:00)?86[ -](?=1[3-9]\d)/g;
const GROUPED = /(^|\D)(1[3-9]\d)[ -](\d{4})[ -](\d{4})(?!\d)/g;
const AREA_APART = /(^|\D)\(?(0\d{2,3})\)?\s*[- ]\s*(\d{7,8})(?!\d)/g;
const AREA_CLOSED = /\((0\d{2,3})\)(\d{7,8})(?!\d)/g;
const REMARK = /[([【]([^()[\]【】]*)[)\]】]/g;
const SEPARATORS = /[/\\、,;\s|]|或者?|和|。/;
const LABELLED = /^[^\d+]*?[::]?([+\d][\d-]*)[^\d]*$/;

/** What is wrong with one number and its remark: `{wrong: "digits", digits}`, `{wrong: "local"}`; null otherwise. */
export function wrongPhone(said) {
  const plain = said.normalize("NFKC").replace(COUNTRY_APART, "$1").replace(AREA_CLOSED, "$1-$2");
  const joined = plain.replace(AREA_APART, "$1$2-$3").replace(GROUPED, "$1$2$3$4").replace(REMARK, " ");
  const parts = joined.split(SEPARATORS).filter((part) => /\d{3}/.test(part));
  return parts.map(refused).find(Boolean) ?? null;
}

function refused(part) {
  const number = (LABELLED.exec(part)?.[1] ?? part).replace(/^-+|-+$/g, "").replace(COUNTRY, "");
  if (MOBILE.test(number) || LANDLINE.test(number)) return null;
  if (LOCAL.test(number)) return { wrong: "local" };
  return { wrong: "digits", digits: number.replace(/\D/g, "").length };
}
