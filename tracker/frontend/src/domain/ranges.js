// Which numbers a visit can hold: outside the hard range is impossible, outside the soft range is odd.
// `ranges` are the server's rows in their order: key, low, high, and soft_low or soft_high where there is one.

const BLOCKS = ["hypertension", "diabetes"];

/** Outside the hard range; a key without a range and a missing value are never impossible. */
export function impossible(ranges, key, value) {
  const bounds = ranges.find((row) => row.key === key);
  return Boolean(bounds) && Number.isFinite(value) && !(bounds.low <= value && value <= bounds.high);
}

/** Keys to be confirmed, in the order of the table; `pulse_pressure` stands for the pressures' difference. */
export function oddities(ranges, body) {
  const flat = Object.assign({}, body, ...BLOCKS.map((block) => body[block]));
  if (Number.isFinite(flat.sbp) && Number.isFinite(flat.dbp)) flat.pulse_pressure = flat.sbp - flat.dbp;
  return ranges.filter((row) => outside(row, flat[row.key])).map((row) => row.key);
}

function outside({ soft_low: low = -Infinity, soft_high: high = Infinity }, value) {
  return Number.isFinite(value) && (value < (low ?? -Infinity) || value > (high ?? Infinity));
}
