// A mark outside the database, of ids and a number alone: how far this phone has counted, should the database be wiped.
const NAME = "phone";

export function mark(id, sequence) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ id, sequence }));
  } catch {
    // a browser that keeps nothing; the server knows what it was told last
  }
}

/** `{id, sequence}`, or null. */
export function marked() {
  try {
    return JSON.parse(localStorage.getItem(NAME));
  } catch {
    return null;
  }
}
