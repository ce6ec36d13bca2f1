// The visit form on the phone: filled for the person of the address, kept on the phone, judged while one types.

import { oddities } from "../domain/ranges.js";
import { fill as fillBoxes } from "../modules/fill.js";
import { cards, enrolled, heard, judged, judgeWhileTyping } from "../modules/judging.js";
import { dayWords, formRules, sentence } from "../modules/page_data.js";
import { showTrends } from "../modules/trend.js";
import { dressVisit } from "../modules/visit_form.js";
import { today as dayOf } from "./day.js";
import { device } from "./device.js";
import { fill } from "./draw.js";
import { everybody, somebody } from "./everybody.js";
import { changes, content, items, keep, UPLOADED } from "./outbox.js";
import { ready } from "./ready.js";
import { reasonsOf } from "./reasons.js";
import { accepted, seenOn } from "./recorded.js";
import { ask } from "./server.js";
import { get } from "./store.js";
import { synchronise, told } from "./sync.js";
import { away, inOrder, VIEWS } from "./tasks.js";
import { bodyOf, boxes, entriesOf, withoutLater } from "./visit_body.js";
import { problems } from "./visit_check.js";
import { alone, draftOf, forget, keepDraft, mendingKey } from "./visit_draft.js";
import { clearProblems, labelOf, showProblems } from "./visit_problem.js";
import { narrow, showLast, showWho } from "./visit_who.js";
import { listedFor } from "./whose.js";
import { ago } from "./words.js";
import { sendLater } from "./worker.js";

const part = (name) => document.getElementById(`visit-${name}`);
const show = (name) => {
  part(name).hidden = false;
  ready();
};

export async function showVisit() {
  const resident = location.pathname.split("/")[2];
  const asked = new URLSearchParams(location.search).get("item");
  const [who, kept] = await Promise.all([somebody(resident), get("meta", "policy")]);
  const item = asked ? (await items()).find(({ id }) => id === asked) : undefined;
  if (item?.state === UPLOADED) return show("sent");
  const before = item ? await content(item) : null;
  if (item && !before) return location.replace("/phone"); // not to be opened any more: there is how it stands
  const since = who ? enrolled(who, before ?? {}) : {};
  if (!Object.keys(since).length || !kept?.pack) return show("unknown");
  const key = item ? mendingKey(item) : `visit:${who.id}`;
  await alone(key);
  await new Writing(who, since, kept.pack, item, before, key).begin();
}

const showJudged = (found) => document.getElementById("kept-judgement").replaceChildren(...found);

/** When to meet next, or since when that has been due. */
const meeting = (due, today) => (due ? { [due < today ? "late" : "due"]: dayWords(due, today) } : {});

/** One form of one person, from its opening to its record. */
class Writing {
  constructor(who, since, pack, item, before, key) {
    Object.assign(this, { who, since, item, before: before ?? {}, key });
    this.form = part("form");
    this.rules = formRules();
    this.id = item?.id ?? crypto.randomUUID();
    const known = { pack, person: who, pending: this.pending() };
    // Asked anew each time: a wrong clock may be found out while one types.
    this.known = {
      ...known,
      get today() {
        return dayOf();
      },
    };
    this.saving = false;
  }

  /** What the server has not told us of yet; the record being mended is not one of them. */
  pending() {
    const others = this.who.records.filter(({ item }) => item.id !== this.item?.id);
    return accepted(others, "visit");
  }

  async begin() {
    const { form, who, rules, known } = this;
    const diseases = Object.keys(this.since);
    showWho(who, diseases, known.today, !this.item && seenOn(who, known.today));
    narrow(form, diseases, who.sex);
    showLast(form, who, known.pending);
    const tracking = (who.tasks ?? []).some(({ kind }) => kind === "referral_tracking");
    form.querySelector('[data-part="tracking"]').hidden = !tracking;
    this.tracking = tracking;
    dressVisit(form, rules);
    fillBoxes([["visit_date", known.today]]);
    await this.restore();
    showTrends(form, who.readings ?? []);
    judgeWhileTyping(form, rules, known);
    form.addEventListener("submit", (event) => this.save(event));
    this.draft = keepDraft(form, this.key, () => ({ id: this.id, entries: [...new FormData(form)] }));
  }

  /** A record to be mended, or a draft after one tap; the form shows when it is clear which. */
  async restore() {
    if (this.item) this.mend();
    const draft = await draftOf(this.key);
    if (draft) await this.offer(draft);
    this.form.hidden = false;
    show("save");
  }

  mend() {
    this.put(entriesOf(this.before, this.rules.kinds));
    const told = reasonsOf(this.item);
    this.form.hidden = false;
    if (told.length) showProblems(this.form, told);
  }

  offer(draft) {
    show("draft");
    document.getElementById("draft-age").textContent = ago(draft.at);
    this.form.hidden = true;
    return new Promise((resolve) => {
      const chosen = async (on) => {
        part("draft").hidden = true;
        if (on) {
          this.id = draft.id;
          this.put(draft.entries);
        } else await forget(this.key);
        resolve();
      };
      document.getElementById("draft-on").addEventListener("click", () => chosen(true));
      document.getElementById("draft-off").addEventListener("click", () => chosen(false));
    });
  }

  /** Put values into the form anew, with what is folded open where something stands in it. */
  put(entries) {
    const confirmed = entries.filter(([name]) => name === "confirmed_odd");
    const typed = entries.filter(
      ([name, value]) => name !== "confirmed_odd" && name !== "id" && value !== "",
    );
    fillBoxes([...typed, ...confirmed]); // the ticks stand there once the odd values do
    for (const fold of this.form.querySelectorAll("details")) {
      const inputs = [...fold.querySelectorAll("input")];
      fold.open = inputs.some((one) =>
        ["radio", "checkbox"].includes(one.type) ? one.checked : one.value && one.name !== "visit_date",
      );
    }
  }

  /** The body as the server takes it, with what could not be read. */
  typed() {
    const { rules, who, since, before } = this;
    const entries = [...new FormData(this.form)];
    const stamp = {
      id: this.id,
      resident_id: who.id,
      recorded_at: before.recorded_at ?? new Date().toISOString(),
    };
    if (before.location) stamp.location = before.location;
    const { body, wrong } = bodyOf(entries, rules.kinds, Object.keys(since), stamp);
    const said = boxes(entries);
    const ticked = said.get("confirmed_odd") ?? [];
    const confirmed = oddities(rules.ranges, body).filter((key) => ticked.includes(key));
    if (confirmed.length) body.confirmed_odd = confirmed;
    return { body: withoutLater(body, since), wrong, said };
  }

  async save(event) {
    event.preventDefault();
    if (this.saving) return;
    this.saving = true;
    try {
      await this.checked();
    } finally {
      this.saving = false;
    }
  }

  async checked() {
    const { body, wrong, said } = this.typed();
    const { today } = this.known;
    const height = body.height_cm ?? this.who.height_cm;
    const known = { today, enrolled: this.since, tracking: this.tracking, height };
    const found = problems(body, wrong, said, known, this.rules);
    part("failed").hidden = true;
    if (found.length) return this.tell(found);
    clearProblems(this.form);
    this.draft.rest();
    let kept;
    try {
      kept = await keep({ id: this.id, kind: "visit", resident_id: this.who.id, body, draft: this.key });
    } catch (error) {
      console.error(error.name);
      this.draft.resume();
      return this.failed(body);
    }
    if (kept) return this.done(body);
    this.draft.resume(); // sent meanwhile from elsewhere: what was changed here stays on the screen and as a draft
    show("sent");
    part("sent").scrollIntoView();
  }

  tell(found) {
    const words = (code, field, values) =>
      sentence(this.rules.words[code], { ...values, label: values.label ?? labelOf(this.form, field) });
    showProblems(
      this.form,
      found.map(([field, code, values]) => [field, words(code, field, values)]),
    );
  }

  /** Not on the disk, so not kept: everything stays as it is, with ways to carry it away. */
  failed(body) {
    const text = JSON.stringify(body);
    show("failed");
    part("failed").focus();
    document.getElementById("failed-copy").onclick = async ({ target }) => {
      await navigator.clipboard.writeText(text);
      target.textContent = part("page-words").dataset.copied;
    };
    document.getElementById("failed-export").onclick = () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = `visit-${body.id}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    };
  }

  async done(body) {
    sendLater();
    synchronise();
    const answer = judged(this.known, body);
    const next = await this.next().catch(() => undefined);
    fill(part("kept"), {
      id: this.who.id,
      name: this.who.name,
      ...meeting(answer.next_encounter_due, this.known.today),
      next: next?.id,
      next_name: next?.name,
    });
    this.unsure = answer.unsure;
    showJudged(cards(this.known, body, answer));
    this.form.remove();
    part("save").parentElement.remove();
    document.getElementById("who").remove();
    show("kept");
    part("kept").focus();
    scrollTo(0, 0);
    for (const news of [changes, told]) news.addEventListener("change", () => this.where());
    await this.where();
  }

  /** Where the record is by now, on the page that says that it was kept. */
  async where() {
    const item = (await items()).find(({ id }) => id === this.id) ?? {};
    for (const said of part("kept").querySelectorAll("[data-now]"))
      said.hidden = said.dataset.now !== item.state;
    if (this.unsure && item.state === UPLOADED) await this.askServer();
  }

  /** What only the server could judge; where it does not answer now, after the next synchronisation. */
  async askServer() {
    const visit = await ask(`/api/v1/visits/${this.id}`).catch(() => null);
    if (!visit) return;
    this.unsure = false;
    showJudged(cards(this.known, visit, heard(visit)));
  }

  /** Who comes after this one in the day's list. */
  async next() {
    const { today } = this.known;
    const { people } = await everybody();
    const order = inOrder(today);
    const { staff } = await device();
    const due = listedFor(people, staff)
      .filter((one) => one.id !== this.who.id && !seenOn(one, today))
      .map((one) => ({ one, tasks: one.tasks.filter((task) => VIEWS.due(task, today)).sort(order) }))
      .filter(({ one, tasks }) => tasks.length && !away(one, tasks, today));
    return due.sort((a, b) => order(a.tasks[0], b.tasks[0]))[0]?.one;
  }
}
