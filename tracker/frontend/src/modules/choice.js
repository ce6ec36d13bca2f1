// One-tap answers: a second tap on a chosen answer takes it back ("not recorded"), and a chip marked data-alone
// ("no symptoms") and the other chips exclude each other.
function takeBack(group) {
  let chosen = group.querySelector('input[type="radio"]:checked');
  group.addEventListener("click", ({ target }) => {
    if (target.type !== "radio") return;
    if (target !== chosen || target.required) {
      chosen = target;
      return;
    }
    chosen = null;
    target.checked = false;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function exclude(group) {
  group.addEventListener("change", ({ target }) => {
    if (!target.checked) return;
    const alone = "alone" in target.dataset;
    for (const chip of group.querySelectorAll('input[type="checkbox"]')) {
      if (chip !== target && (alone || "alone" in chip.dataset)) chip.checked = false;
    }
  });
}

export function dressChoices(root) {
  for (const group of root.querySelectorAll(".choices")) takeBack(group);
  for (const group of root.querySelectorAll(".chips")) exclude(group);
}
