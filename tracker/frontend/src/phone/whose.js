// Whose people the day's list shows, for as long as the browser is open: one's own, or the whole team's.
const KEY = "whose";

export const team = () => sessionStorage.getItem(KEY) === "team";

/** `whose`: "team" or nothing. */
export function choose(whose) {
  if (whose) sessionStorage.setItem(KEY, whose);
  else sessionStorage.removeItem(KEY);
}
