// What a contract is on a day, and when another may follow it; as domain/contract.py has it.
import { addDays } from "./calendar.js";

/** "active", "scheduled", "expired", "terminated" or "pending": as told, and as the days since then have made it. */
export function standing({ status = "active", start_on, end_on }, today) {
  if (status === "scheduled" && start_on <= today) return standing({ end_on }, today);
  return status === "active" && end_on < today ? "expired" : status;
}

/** Whether it may be renewed on a day; `before` and `after` are the days of the window around its end. */
export function renewable(contract, on, { before, after }) {
  if (!["active", "expired"].includes(standing(contract, on)) || contract.follows_on) return false;
  return addDays(on, before) >= contract.end_on && on <= addDays(contract.end_on, after);
}

/** A renewal follows the old one, or begins when it is signed where that is over. */
export const beginsOn = ({ end_on }, signed) => (signed <= end_on ? addDays(end_on, 1) : signed);
