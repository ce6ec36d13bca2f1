// The predicates of a policy pack: nested lists over named facts; a name that is no fact is a threshold.

const COMPARE = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

/** Whether the predicate is true of the facts. A comparison is false where a fact is missing. */
export function holds([operator, ...rest], facts, thresholds) {
  if (operator === "and") return rest.every((part) => holds(part, facts, thresholds));
  if (operator === "or") return rest.some((part) => holds(part, facts, thresholds));
  const value = (name) => (typeof name !== "string" ? name : name in facts ? facts[name] : thresholds[name]);
  const left = value(rest[0]) ?? null;
  if (operator === "is") return left === true;
  if (operator === "has") return Array.isArray(left) && left.includes(rest[1]);
  const right = value(rest[1]) ?? null;
  return left !== null && right !== null && COMPARE[operator](left, right);
}
