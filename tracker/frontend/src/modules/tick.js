// A box with data-tick="name" ticks all boxes of that name in its form, and follows them when they change.
export function tickAll(root) {
  for (const all of root.querySelectorAll("[data-tick]")) {
    const boxes = [...all.form.querySelectorAll(`[name="${all.dataset.tick}"]`)];
    const follow = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    all.form.addEventListener("change", (event) => event.target !== all && follow());
    follow();
  }
}
