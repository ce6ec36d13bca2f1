// Looking somebody up among the people of this phone: masked names, initials, telephones, cards, villages.
import { isCode, tidy } from "../domain/card.js";

const CARD_AT_LEAST = 4;
const DIGITS = /^\d{4,}$/;

export function matches(said) {
  const wanted = said.normalize("NFKC").trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const code = tidy(said);
  const digits = plain(wanted);
  return (one) =>
    hidden(one.name.toLowerCase(), wanted) ||
    (one.initials ?? "").split(" ").some((initials) => initials.startsWith(wanted)) ||
    (DIGITS.test(digits) && plain(one.phone ?? "").includes(digits)) ||
    stands(words, [one.village, one.village_group].join("")) ||
    (code.length >= CARD_AT_LEAST && (one.card ?? "").startsWith(code));
}

const plain = (number) => number.replace(/^\+86|[\s-]/g, "");

/** Village and group, or parts of them in their order: of 北大街居委会3组 as well 北大街3组. */
const stands = (words, place) => words.every((word) => inOrder(word, place));

function inOrder(word, place) {
  let at = -1;
  return [...word].every((character) => {
    at = place.indexOf(character, at + 1);
    return at >= 0;
  });
}

/** Whether the characters stand in a name whose middle is hidden; a hidden one is any, but not all may be. */
function hidden(name, wanted) {
  const [inside, said] = [[...name], [...wanted]];
  for (let from = 0; from + said.length <= inside.length; from++) {
    const part = inside.slice(from, from + said.length);
    const fits = part.every((character, place) => character === "*" || character === said[place]);
    if (fits && part.some((character) => character !== "*")) return true;
  }
  return false;
}

/** Whoever has this very card; undefined where it is none, or unknown here. */
export function byCard(people, said) {
  const code = tidy(said);
  return isCode(code) ? people.find(({ card }) => card === code) : undefined;
}
