"""Cards: choosing and printing them, a person's own, and the way from a code to its person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.access import my, roles
from tracker.domain.card import is_code, shown, tidy
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.forms.card import ChoiceForm, CodeForm, PrintForm, ReplaceForm
from tracker.forms.field import put_errors
from tracker.i18n import gettext as _
from tracker.models import Card, Resident
from tracker.schemas.problem import Refused
from tracker.services.card import card
from tracker.services.card import choice as card_choice
from tracker.services.card import sheet as card_sheet
from tracker.services.card.choice import MOST, PER_PAGE, Choice, Whom
from tracker.services.card.sheet import Wanted
from tracker.services.resident.search import Filters, Found, search
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound
from tracker.web import sought
from tracker.web.resident import READERS, own_person, sender
from tracker.words import labels

pages = Blueprint("cards", __name__)
OFFERED = 200
"""People to tick on one page; a name narrows them."""


@pages.get("/cards")
@roles(*CARE)
def show() -> ResponseReturnValue:
    form = _choice_form(sought.typed())
    choice, today = form.choice(), clock.today()
    found = _offered(form, choice)
    number = 0 if choice.whom is Whom.CHOSEN else card_choice.count(db.session(), g.scope, choice, today)
    return render_template(
        "cards/show.html", form=form, choice=choice, print_form=PrintForm(listed=True), number=number,
        found=found, pages=-(-number // PER_PAGE), most=MOST, who=_who,
    )  # fmt: skip


def _who(person: Row[Any]) -> str:
    return labels.who({"sex": person.sex, "birth_date": person.birth_date.isoformat()}, clock.today())


def _choice_form(asked: MultiDict[str, str]) -> ChoiceForm:
    form = ChoiceForm(asked)
    form.offer(region.in_scope(db.session(), g.scope))
    return form


def _offered(form: ChoiceForm, choice: Choice) -> Found:
    """Whom to tick, where they are ticked one by one."""
    if choice.whom is not Whom.CHOSEN or not choice.village:
        return Found((), 0)
    filters = Filters(q=form.q.data, village=choice.village)
    return search(db.session(), g.scope, filters, clock.today(), limit=OFFERED)


@pages.post("/cards")
@roles(*CARE, write=False)
def choose() -> ResponseReturnValue:
    return redirect(sought.address(".show", ChoiceForm(request.form).data), 303)


@pages.post("/cards/print")
@roles(*CARE)
def sheet() -> ResponseReturnValue:
    ticked = request.form.getlist("resident")
    choice = Choice("", Whom.CHOSEN, False, ChoiceForm(request.form).choice(ticked).chosen)
    choice = choice if ticked else _choice_form(request.form).choice()
    options = PrintForm()
    wanted = Wanted(choice, options.named.data, options.listed.data, current_app.config["SETTINGS"].base_url)
    try:
        printed = card_sheet.print_cards(db.session(), sender(), g.scope, wanted)
    except NotFound:
        return _nobody(choice)
    db.session.commit()
    name = f"cards-{clock.today().isoformat()}-{printed.number}.pdf"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(printed.content, mimetype="application/pdf", headers=attached)


def _nobody(choice: Choice) -> ResponseReturnValue:
    db.session.rollback()
    if choice.whom is Whom.CHOSEN and choice.chosen:
        raise NotFound("card")  # foreign people, or none
    flash(_("没有勾选要印卡的人") if choice.whom is Whom.CHOSEN else _("没有要印卡的人"), "warning")
    return redirect(sought.address(".show", ChoiceForm(request.form).data))


@pages.get("/c")
@roles(*READERS)
def typed() -> ResponseReturnValue:
    form = CodeForm(request.args)
    if not form.code.data:
        return render_template("cards/find.html", form=form)
    code = form.read()
    if code is None:
        return render_template("cards/find.html", form=form), 422
    return redirect(url_for(".find", code=code))


@pages.get("/c/<code>")
@roles(*READERS)
def find(code: str) -> ResponseReturnValue:
    """From the card to its person; a card that is foreign answers like one that does not exist."""
    form, said = CodeForm(data={"code": code[:60]}), tidy(code[:60])
    if not is_code(said):
        form.read()
        return render_template("cards/find.html", form=form), 422
    try:
        found = card.find(db.session(), g.scope, said)
    except NotFound:
        return render_template("cards/find.html", form=form, unknown=True), 404
    if found.replaced_at is None:
        return redirect(url_for("residents.person", key=found.resident_id))
    return _replaced(found)


def _replaced(found: Card) -> ResponseReturnValue:
    on = found.replaced_at.astimezone(clock.zone()).date() if found.replaced_at else clock.today()
    person = my(Resident, found.resident_id)
    return render_template("cards/replaced.html", card=found, person=person, on=on, labels=labels), 410


@pages.route("/residents/<uuid:key>/card", methods=["GET", "POST"])
@roles(*CARE)
def person(key: UUID) -> ResponseReturnValue:
    """A person's card, to print or to replace."""
    resident, form = own_person(key), ReplaceForm()
    if form.validate_on_submit():
        try:
            made = card.replace(db.session(), sender(), resident, form.reason.data)
        except Refused as refused:
            db.session.rollback()
            put_errors(form, refused)
        else:
            db.session.commit()
            flash(_("换好了，新的码是 %(code)s。旧卡从现在起作废。", code=shown(made.code)), "success")
            return redirect(url_for(".person", key=key))
    own = card.of(db.session(), key)
    page = render_template(
        "cards/person.html", form=form, person=resident, card=own, print_form=PrintForm(named=True),
        shown=shown, labels=labels, zone=clock.zone(),
    )  # fmt: skip
    return page, 422 if form.errors else 200
