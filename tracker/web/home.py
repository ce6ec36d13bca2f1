"""The start page sends each role to where its day begins."""

from __future__ import annotations

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access import EVERYONE, roles
from tracker.web.shell import home_of

pages = Blueprint("home", __name__)


@pages.get("/")
@roles(*EVERYONE)
def show() -> Response:
    return redirect(url_for(home_of(g.staff.role)))
