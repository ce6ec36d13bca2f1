// Fills copies of the page's own <template>s. Values are set as text and addresses only, never as markup.
//   data-text="key"   data-if="key" (taken away where there is nothing; "!key" the other way round)
//   data-href="/residents/{id}"   data-value="key"   data-each="key" data-row="template's id"   data-kind="key"
const PLACE = /\{(\w+)\}/g;

export function draw(template, values) {
  const copy = document.getElementById(template).content.cloneNode(true);
  fill(copy, values);
  return copy;
}

/** The same in place, for a part of the page itself. */
export function fill(root, values) {
  for (const node of [...root.querySelectorAll("[data-if]")])
    if (!holds(node.dataset.if, values)) node.remove();
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = values[node.dataset.text] ?? "";
  for (const node of root.querySelectorAll("[data-value]")) node.value = values[node.dataset.value] ?? "";
  for (const node of root.querySelectorAll("[data-kind]")) node.replaceWith(draw(node.dataset.kind, values));
  for (const node of root.querySelectorAll("[data-href]"))
    node.setAttribute(
      "href",
      node.dataset.href.replace(PLACE, (_whole, key) => encodeURIComponent(values[key] ?? "")),
    );
  for (const node of root.querySelectorAll("[data-each]"))
    node.replaceChildren(...(values[node.dataset.each] ?? []).map((row) => draw(node.dataset.row, row)));
}

function holds(said, values) {
  return said.startsWith("!") ? !values[said.slice(1)] : Boolean(values[said]);
}

/** Only one drawing at a time, for an older one may end last; a change during it is drawn afterwards. */
export function inTurn(drawn) {
  let drawing = Promise.resolve();
  return () => {
    drawing = drawing.then(drawn, drawn);
    return drawing;
  };
}
