// The visit form: digits typed off the cuff jump to the next box by themselves.
// A systolic value that starts with 1–3 has three digits, any other has two.
function isWhole(text) {
  return /^([123]\d\d|[4-9]\d)$/.test(text);
}

for (const field of document.querySelectorAll("input[data-next]")) {
  field.addEventListener("input", (event) => {
    const next = document.getElementById(field.dataset.next);
    const typing = event.inputType === undefined || event.inputType.startsWith("insert");
    if (next && typing && isWhole(field.value) && next.value === "") next.focus();
  });
}
