// From what the server last knew of a register and the visits it does not know yet to their judgements, day by day:
// outcomes of a referral already open, visits, other outcomes.
import * as chain from "./chain.js";
import { judgeDay } from "./judge.js";
import { Ledger } from "./ledger.js";

const NONE = { unsat: 0, adr: 0 };

/** `judgements` by visit, and the open `tasks` and the `next` of them when all is taken in. */
export function replay(pack, { disease, state }, events) {
  const run = new Run(pack, disease, state);
  for (const on of [...new Set(events.map((event) => event.on))].sort()) {
    run.day(
      on,
      events.filter((event) => event.on === on),
    );
  }
  return { judgements: run.judgements, next: run.book.next, tasks: run.book.tasks };
}

class Run {
  constructor(pack, disease, state) {
    this.pack = pack;
    this.disease = disease;
    this.book = new Ledger(pack, state.tasks ?? []);
    this.streaks = { unsat: state.unsat_streak ?? 0, adr: state.adr_streak ?? 0 };
    this.lastMet = state.last_met ?? null;
    this.lastEvaluated = state.last_evaluated ?? null;
    this.judgements = new Map();
  }

  day(on, events) {
    const visits = events.filter((event) => event.facts);
    const outcomes = events.filter((event) => event.outcome);
    const known = this.book.tracking !== undefined;
    const early = outcomes.filter((event) => known || event.visitDate === on);
    for (const event of early) this.outcome(event);
    const judged = visits.length ? this.visits(visits) : [];
    for (const event of outcomes) if (!early.includes(event)) this.outcome(event);
    const { due_on = null, kind = null } = this.book.next ?? {};
    for (const { visit, streaks, ...judgement } of judged) {
      this.judgements.set(visit.body, { ...judgement, next_due: due_on, task: kind });
    }
  }

  visits(visits) {
    const day = judgeDay(this.pack, this.disease, visits, this.streaks);
    if (day.merged.evaluated) chain.found(this.book);
    chain.follow(this.book, day, this.lastMet);
    this.streaks = day.merged.streaks;
    if (day.merged.evaluated) this.lastEvaluated = day.on;
    if (day.meeting) this.lastMet = day.on;
    return day.judgements;
  }

  outcome(event) {
    const newer = this.lastEvaluated === null || event.on > this.lastEvaluated;
    if (event.outcome === "arrived" && event.changed && newer) this.streaks = NONE;
    chain.outcome(this.book, event);
  }
}
