// Questions that follow from an answer stand hidden until it is given: data-when="name=value,value".
// A part in which something stands already, or is wrong, always shows.
function holds(part, name, values) {
  const chosen = document.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`);
  if ([...chosen].some((input) => values.includes(input.value))) return true;
  const inputs = [...part.querySelectorAll("input")];
  return inputs.some((input) =>
    input.type === "radio" || input.type === "checkbox" ? input.checked : input.value !== "",
  );
}

export function followConditions(root) {
  for (const part of root.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split("=");
    const update = () => {
      const wrong = part.querySelector('[aria-invalid="true"]');
      part.hidden = !wrong && !holds(part, name, values.split(","));
    };
    root.addEventListener("change", update);
    update();
  }
}
