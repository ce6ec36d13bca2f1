// Which visit closes and opens which task of a register: one open task of the chain, others beside it.
import { taskOf } from "./policy.js";

const [ROUTINE, TWO_WEEK, TRACKING] = ["routine", "two_week", "referral_tracking"];

/** What a day's evaluation does to the tasks; `lastMet` is the last evaluated meeting before it. */
export function follow(book, day, lastMet) {
  const kind = taskOf(book.pack, day.merged.next_step);
  if (kind === null) return;
  if (!day.merged.evaluated) unmeasured(book, day, kind);
  else if (day.meeting) met(book, day, kind);
  else called(book, day, kind, lastMet);
}

/** An evaluated visit of somebody lost ends the search. */
export function found(book) {
  if (book.recontact) book.close(book.recontact);
}

function met(book, day, kind) {
  const tracking = book.tracking;
  if (tracking && kind === TRACKING) book.close(tracking);
  else if (tracking?.chain) tracking.chain = false;
  if (book.chain) book.close(book.chain);
  for (const revisit of book.of(TWO_WEEK)) book.close(revisit);
  book.open(kind, day.on, true, urgent(day));
}

const urgent = (day) => day.merged.referral === "urgent";

/** A reading by phone closes a two-week visit and never a routine one. */
function called(book, day, kind, lastMet) {
  const [revisits, tracking] = [book.of(TWO_WEEK), book.tracking];
  for (const task of revisits) book.close(task);
  let chain = revisits.some((task) => task.chain);
  if (kind === ROUTINE) {
    if (chain) book.open(ROUTINE, lastMet ?? day.on, true);
    return;
  }
  if (kind === TRACKING && tracking) {
    book.close(tracking);
    chain = chain || tracking.chain;
  }
  book.open(kind, day.on, chain, urgent(day));
}

/** Danger, reaction or complication without a reading: a task beside the chain, which keeps its date. */
function unmeasured(book, day, kind) {
  if (!book.of(kind).length) book.open(kind, day.on, false, urgent(day));
}

/** The outcome of a referral closes its tracking; a visit within two weeks follows. */
export function outcome(book, event) {
  const tracking = book.tracking;
  if (!tracking || event.outcome === "unknown") return;
  book.close(tracking);
  if (tracking.chain || !book.of(TWO_WEEK).length) book.open(TWO_WEEK, event.on, tracking.chain);
}
