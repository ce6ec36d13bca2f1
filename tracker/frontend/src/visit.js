// The visit form on the server's page. It works without this script.
import { judgeWhileTyping } from "./modules/judging.js";
import { formRules, pageData } from "./modules/page_data.js";
import { showTrends } from "./modules/trend.js";
import { dressVisit } from "./modules/visit_form.js";

function dress() {
  const form = document.getElementById("visit-form");
  if (!form) return;
  const rules = formRules();
  const known = pageData("visit-known");
  dressVisit(form, rules);
  if (known) {
    showTrends(form, known.person.readings ?? []);
    judgeWhileTyping(form, rules, known);
  }
}

dress();
document.addEventListener("answered", dress);
