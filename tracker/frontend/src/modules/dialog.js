// A question or a word in the middle of the page, which moves nothing and loses nothing.

export function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A button that closes the dialog with this value. */
export function button(text, value, className = "") {
  const made = element("button", text, `btn ${className}`);
  made.value = value;
  made.type = "submit";
  return made;
}

/** Show sentences over a row of buttons; `closed` hears the value of the one that was pressed. */
export function open(sentences, buttons, closed = () => {}) {
  const dialog = element("dialog");
  const choice = element("form");
  const row = element("div", "", "buttons");
  choice.method = "dialog";
  row.append(...buttons);
  choice.append(...sentences.map((sentence) => element("p", sentence)), row);
  dialog.append(choice);
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
}
