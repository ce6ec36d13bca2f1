"""What one may change about oneself: language, password, and on which devices one is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, database, sessions
from tracker.access import EVERYONE, roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.account import LanguageForm, PasswordForm
from tracker.forms.field import put_errors
from tracker.i18n import choose_locale
from tracker.i18n import gettext as _
from tracker.models import Staff
from tracker.schemas.problem import Refused, refuse
from tracker.services.account import account, password, web_session
from tracker.services.phone import device
from tracker.web.language import remember
from tracker.words import labels
from tracker.words.device import device_word

pages = Blueprint("me", __name__, url_prefix="/me")


@pages.get("")
@roles(*EVERYONE)
def show() -> ResponseReturnValue:
    return _page(LanguageForm(locale=choose_locale()), PasswordForm())


@pages.post("/language")
@roles(*EVERYONE)
def language() -> ResponseReturnValue:
    form = LanguageForm()
    if not form.validate_on_submit():
        return _page(form, PasswordForm()), 422
    db.session.get_one(Staff, g.staff.id).locale = form.locale.data
    db.session.commit()
    return remember(redirect(url_for(".show")), form.locale.data)


@pages.post("/password")
@roles(*EVERYONE, write=False)
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(LanguageForm(locale=choose_locale()), form), 422
    try:
        _change(form.current.data or "", form.password.data or "")
    except Refused as refused:
        put_errors(form, refused)
        return _page(LanguageForm(locale=choose_locale()), form), 422
    flash(_("密码已改，其他设备都已退出"), "success")
    return redirect(url_for(".show"))


@pages.post("/sessions/<key>/revoke")
@roles(*EVERYONE)
def revoke(key: str) -> ResponseReturnValue:
    try:
        token_hash = bytes.fromhex(key)
    except ValueError:
        abort(404)
    web_session.revoke(db.session(), g.staff.id, token_hash)
    db.session.commit()
    flash(_("那台设备已退出"), "success")
    return redirect(url_for(".show"))


def _change(current: str, new: str) -> None:
    """Check and hash with no lock held, then store; this browser gets a fresh session."""
    session = db.session()
    password.check(new, g.staff.username)
    if not password.matches(current, g.staff.password_hash):
        raise refuse("current", "password_wrong")
    hashed = password.make(new)
    database.begin_write(session)
    staff = session.get_one(Staff, g.staff.id)
    account.set_password(session, g.actor, staff, hashed, clock.now())
    sessions.current().sign_in(staff)
    session.commit()


def _page(language_form: LanguageForm, password_form: PasswordForm) -> str:
    own = sessions.current().token
    return render_template(
        "me/show.html",
        language_form=language_form,
        password_form=password_form,
        devices=web_session.of_staff(db.session(), g.staff, clock.now()),
        phones_of=device.of_staff(db.session(), g.staff.id),
        looks_after=g.staff.role in device.MANAGERS or g.staff.role is Role.TEAM_LEAD,
        this_device=web_session.digest(own) if own else None,
        zone=clock.zone(),
        device_word=device_word,
        labels=labels,
    )
