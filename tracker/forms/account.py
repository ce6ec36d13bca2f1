"""Signing in, activating, and what one may change about oneself."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField
from wtforms.validators import EqualTo, InputRequired, Length

from tracker.forms.field import TextField, pick, printable
from tracker.i18n import LOCALES
from tracker.i18n import lazy_gettext as _l


class LoginForm(FlaskForm):
    username = TextField(_l("用户名"), [InputRequired(_l("请填用户名")), Length(max=60)])
    password = PasswordField(_l("密码"), [InputRequired(_l("请填密码")), printable, Length(max=200)])
    next = HiddenField()


def _new() -> PasswordField:
    return PasswordField(
        _l("新密码"),
        [InputRequired(_l("请填新密码")), printable],
        description=_l("至少 10 个字符，不要含用户名"),
    )


def _again() -> PasswordField:
    return PasswordField(
        _l("再填一次新密码"),
        [InputRequired(_l("请再填一次")), EqualTo("password", _l("两次填的不一样"))],
    )


class ActivateForm(FlaskForm):
    username = TextField(_l("用户名"), [InputRequired(_l("请填用户名")), Length(max=60)])
    code = TextField(
        _l("激活码"),
        [InputRequired(_l("请填激活码")), Length(max=40)],
        description=_l("管理员给您的 12 位字母和数字，24 小时内有效"),
    )
    password, again = _new(), _again()


class PasswordForm(FlaskForm):
    current = PasswordField(_l("当前密码"), [InputRequired(_l("请填当前密码")), printable, Length(max=200)])
    password, again = _new(), _again()


class LanguageForm(FlaskForm):
    locale = RadioField(_l("语言"), choices=pick(*LOCALES.items()))
