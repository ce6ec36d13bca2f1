// From the code on a card to its person: on this phone first, on the server where there is a line.
import { isCode, tidy } from "../domain/card.js";
import { everybody } from "./everybody.js";
import { byCard } from "./find.js";

export async function showCard() {
  const field = document.getElementById("code");
  const query = new URLSearchParams(location.search);
  const said = decodeURIComponent(location.pathname.split("/")[2] ?? "") || query.get("code") || "";
  field.value = said;
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(field.value);
  });
  if (said) await open(said);
}

async function open(said) {
  const code = tidy(said);
  tell(isCode(code) ? null : "wrong");
  if (!isCode(code)) return;
  const found = byCard((await everybody()).people, code);
  if (found) return location.replace(`/residents/${found.id}`);
  if (navigator.onLine) return location.replace(`/c/${code}?server`);
  tell("unknown");
}

function tell(name) {
  for (const part of ["wrong", "unknown"]) document.getElementById(`card-${part}`).hidden = part !== name;
  if (name) document.getElementById(`card-${name}`).focus();
}
