// A button that prints the page: <button type="button" data-print>. Without the script it is not shown.
export function offerPrint(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
