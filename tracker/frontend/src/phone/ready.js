// Whether the page still fetches what it shows, or waits for whoever reads it.

/** What there is to see is there. */
export const ready = () => document.getElementById("main").setAttribute("aria-busy", "false");
