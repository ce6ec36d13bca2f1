// Whose people the day's list shows, for as long as the browser is open: one's own, or the whole team's.
const KEY = "whose";

export const team = () => sessionStorage.getItem(KEY) === "team";

/** `whose`: "team" or nothing. */
export function choose(whose) {
  if (whose) sessionStorage.setItem(KEY, whose);
  else sessionStorage.removeItem(KEY);
}

/** Whether somebody has people of their own, to whom the list is narrowed. */
export const hasOwn = (people, { role }) => role === "village_doctor" && people.some(({ mine }) => mine);

/** Whom the list of this member of staff shows. */
export const listedFor = (people, staff) =>
  hasOwn(people, staff) && !team() ? people.filter(({ mine }) => mine) : people;
