// <details data-open-wide>: folded on a phone, open from the start where there is room for it.
export function openWhereWide(root) {
  if (!window.matchMedia("(min-width: 992px)").matches) return;
  for (const part of root.querySelectorAll("details[data-open-wide]")) part.open = true;
}
