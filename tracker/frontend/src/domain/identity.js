// The citizen identification number (GB 11643-1999) as it is typed: tidied, 15 digits raised to 18, then its date and
// its check digit. What the server would put right besides, it still puts right; here only what is sure is refused.
const BLANKS = /[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const LOOKALIKES = "ХΧ×*✕✖";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const LAST = "10X98765432";

export function checkDigit(body) {
  const sum = [...body].reduce((found, digit, place) => found + Number(digit) * WEIGHTS[place], 0);
  return LAST[sum % 11];
}

/** `{value, birth_date, sex}`, or `{wrong}`: "length", "characters", "date", "check". */
export function readIdNumber(said, today) {
  let number = said.normalize("NFKC").replace(BLANKS, "").toUpperCase();
  if (/^\d{15}$/.test(number)) {
    const body = `${number.slice(0, 6)}19${number.slice(6)}`;
    number = body + checkDigit(body);
  }
  if (number.length !== 18) return { wrong: "length" };
  const [body, last] = [number.slice(0, 17), number[17]];
  if (!/^\d{17}$/.test(body) || !(/[\dX]/.test(last) || LOOKALIKES.includes(last)))
    return { wrong: "characters" };
  const birth_date = [body.slice(6, 10), body.slice(10, 12), body.slice(12, 14)].join("-");
  if (!isDay(birth_date) || birth_date < "1850" || birth_date > today) return { wrong: "date" };
  const expected = checkDigit(body);
  if (last !== expected && !(expected === "X" && LOOKALIKES.includes(last))) return { wrong: "check" };
  return { value: body + expected, birth_date, sex: Number(body[16]) % 2 ? "male" : "female" };
}

function isDay(text) {
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
