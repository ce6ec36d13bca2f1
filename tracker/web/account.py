"""Signing in and out, and the first sign-in with an activation code."""

from __future__ import annotations

from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from tracker import clock, sessions
from tracker.access import EVERYONE, public, roles
from tracker.extensions import db
from tracker.forms.account import ActivateForm, LoginForm
from tracker.forms.field import put_errors
from tracker.i18n import gettext as _
from tracker.models import Staff
from tracker.schemas.problem import Refused
from tracker.services import audit
from tracker.services.account.account import TooManyTries
from tracker.web import sign_in
from tracker.web.language import remember

pages = Blueprint("account", __name__)


@pages.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    if g.get("staff") is not None and request.method == "GET":
        return redirect(url_for("home.show"))
    form = LoginForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _again("account/login.html", form)
    try:
        staff = sign_in.by_password(form.username.data, form.password.data)
    except TooManyTries as tries:
        return _later("account/login.html", form, tries)
    if staff is None:
        form.form_errors.append(_("用户名或密码不对"))
        return _again("account/login.html", form)
    return _welcome(staff, form.next.data or "")


@pages.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    form = ActivateForm()
    if not form.validate_on_submit():
        return _again("account/activate.html", form)
    try:
        staff = sign_in.by_code(form.username.data, form.code.data, form.password.data)
    except TooManyTries as tries:
        return _later("account/activate.html", form, tries)
    except Refused as refused:
        put_errors(form, refused)
        return _again("account/activate.html", form)
    if staff is None:
        form.form_errors.append(_("用户名或激活码不对，或激活码已过期"))
        return _again("account/activate.html", form)
    return _welcome(staff, "")


@pages.post("/logout")
@roles(*EVERYONE)
def logout() -> ResponseReturnValue:
    audit.record(db.session(), g.actor, clock.now(), "sign out", "staff", g.staff.id)
    sessions.current().sign_out()
    db.session.commit()
    answer = redirect(url_for("account.login"))
    answer.headers["Clear-Site-Data"] = '"cache"'  # never "storage": unsent visits stay on the phone
    return answer


def _again(template: str, form: FlaskForm) -> ResponseReturnValue:
    return render_template(template, form=form), 422 if form.is_submitted() else 200


def _later(template: str, form: FlaskForm, tries: TooManyTries) -> ResponseReturnValue:
    seconds = max(1, ceil((tries.until - clock.now()).total_seconds()))
    form.form_errors.append(_("试错太多次了，请 %(n)s 分钟后再试", n=ceil(seconds / 60)))
    return render_template(template, form=form), 429, {"Retry-After": str(seconds)}


def _welcome(staff: Staff, wanted: str) -> ResponseReturnValue:
    answer = redirect(_inside(wanted) or url_for("home.show"))
    if staff.licence_expires_on is not None and staff.licence_expires_on < clock.today():
        flash(_("您的执业证已过期，请尽快办理"), "warning")
    return remember(answer, staff.locale) if staff.locale else answer


def _inside(wanted: str) -> str | None:
    """An address of this site, or None: a foreign one must not be followed after sign-in."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return None
    return None if any(ord(letter) < 32 for letter in wanted) else wanted
