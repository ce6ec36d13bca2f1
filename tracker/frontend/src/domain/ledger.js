// The open tasks of one register: opened, moved aside, closed; no rule of care stands here.
import { due } from "./policy.js";

const URGENCY = ["recontact", "referral_tracking", "two_week", "routine"];

const order = (a, b) => {
  if (a.due_on !== b.due_on) return a.due_on < b.due_on ? -1 : 1;
  return URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind);
};

export class Ledger {
  constructor(pack, tasks) {
    this.pack = pack;
    this.tasks = tasks.map((task) => ({ ...task, chain: Boolean(task.chain) }));
  }

  get chain() {
    return this.tasks.find((task) => task.chain);
  }

  get tracking() {
    return this.of("referral_tracking")[0];
  }

  get recontact() {
    return this.of("recontact")[0];
  }

  /** The earliest open task; who is lost has to be found first. */
  get next() {
    return this.recontact ?? [...this.tasks].sort(order)[0];
  }

  of(kind) {
    return this.tasks.filter((task) => task.kind === kind);
  }

  /** Open a task due one interval of its kind after a day; `urgent`: it follows an urgent referral. */
  open(kind, since, chain, urgent = false) {
    this.tasks.push({ kind, chain, due_on: due(this.pack, kind, since), urgent });
  }

  close(task) {
    this.tasks.splice(this.tasks.indexOf(task), 1);
  }
}
