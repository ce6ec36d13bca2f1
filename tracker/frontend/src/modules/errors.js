// After a refused form the first wrong field gets the focus; a summary without fields gets it itself.
export function focusFirstError(root) {
  const wrong = root.querySelector('[aria-invalid="true"]');
  const first = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  const target = first ?? root.querySelector(".error-summary");
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}
