// One-tap answers: a second tap on a chosen answer takes it back ("not recorded"), and a chip marked data-alone
// ("no symptoms") and the other chips exclude each other.
function takeBack(radio) {
  let wasChosen = radio.checked;
  radio.addEventListener("pointerdown", () => {
    wasChosen = radio.checked;
  });
  radio.addEventListener("click", () => {
    if (wasChosen && !radio.required) {
      radio.checked = false;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    wasChosen = radio.checked;
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
  for (const radio of root.querySelectorAll('.choice > input[type="radio"]')) takeBack(radio);
  for (const group of root.querySelectorAll(".chips")) exclude(group);
}
