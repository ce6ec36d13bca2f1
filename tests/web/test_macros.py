"""The page macros, rendered with real forms and without the rest of the application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from tracker.web.shell import draw

Render = Callable[..., str]


class Reading(FlaskForm):
    sbp = IntegerField("高压", [InputRequired(), NumberRange(50, 300, "收缩压应在 50–300 之间")])
    fpg = DecimalField("空腹血糖", description="空腹 8 小时以上")
    mode = RadioField("方式", choices=[SelectChoice("clinic", "门诊"), SelectChoice("home", "家庭")])
    symptoms = SelectMultipleField("症状", choices=[SelectChoice("1", "无症状"), SelectChoice("2", "头痛")])


@pytest.fixture
def render() -> Render:
    app = Flask(__name__, template_folder=str(Path(__file__).parents[2] / "templates"))
    app.secret_key = "only for these tests"
    app.jinja_env.undefined = StrictUndefined
    Babel(app, default_locale="zh_Hans_CN")
    draw(app)
    CSRFProtect(app)

    def rendered(source: str, **values: object) -> str:
        with app.test_request_context():
            made = {name: value() if isinstance(value, type) else value for name, value in values.items()}
            return render_template_string(source, **made)

    return rendered


def refused() -> Reading:
    form = Reading(MultiDict({"sbp": "700", "mode": "home"}), meta={"csrf": False})
    form.validate()
    return form


FORM = '{% from "macros/form.html" import form as form_, field %}{% call form_(form, submit="保存") %}'


def test_a_number_field_brings_up_the_figure_keypad_and_keeps_what_was_typed(render: Render) -> None:
    page = render(
        '{% from "macros/form.html" import field %}{{ field(make().sbp, unit="mmHg") }}',
        make=lambda: refused(),
    )
    assert 'inputmode="numeric"' in page
    assert 'type="text"' in page
    assert 'value="700"' in page
    assert "mmHg" in page


def test_an_error_stands_beside_its_field_and_in_the_summary(render: Render) -> None:
    page = render(FORM.replace("form_(form", "form_(make()") + "{% endcall %}", make=lambda: refused())
    assert 'href="#sbp"' in page
    assert "收缩压应在 50–300 之间" in page
    page = render('{% from "macros/form.html" import field %}{{ field(make().sbp) }}', make=lambda: refused())
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="sbp-error"' in page
    assert 'id="sbp-error"' in page


def test_a_form_carries_its_token_and_one_main_button(render: Render) -> None:
    page = render(FORM + "{{ field(form.fpg) }}{% endcall %}", form=Reading)
    assert page.count('name="csrf_token"') == 1
    assert page.count('type="submit"') == 1
    assert 'aria-describedby="fpg-hint"' in page


def test_choices_are_native_controls_and_nothing_is_chosen_beforehand(render: Render) -> None:
    fields = '{{ field(form.mode) }}{{ field(form.symptoms, alone=["1"]) }}'
    page = render('{% from "macros/form.html" import field %}' + fields, form=Reading)
    assert page.count('type="radio"') == 2
    assert page.count('type="checkbox"') == 2
    assert page.count("data-alone") == 1
    assert " checked" not in page


def test_odd_values_are_asked_once_by_name(render: Render) -> None:
    page = render('{% from "macros/form.html" import odd %}{{ odd([("sbp", "收缩压 198")]) }}')
    assert 'name="confirmed_odd" value="sbp"' in page
    assert render('{% from "macros/form.html" import odd %}{{ odd([]) }}').strip() == ""


@pytest.mark.parametrize(
    ("name", "shown"), [("张秀英", "张*英"), ("张英", "张*"), ("欧阳秀英", "欧**英"), ("英", "英*")]
)
def test_a_masked_name_keeps_its_ends_only(render: Render, name: str, shown: str) -> None:
    page = render('{% from "macros/status.html" import masked %}{{ masked(name) }}', name=name)
    assert page.strip() == shown


@pytest.mark.parametrize("kind", ["urgent", "referral", "two_week", "overdue", "due_soon", "done"])
def test_a_status_has_a_word_and_a_shape(render: Render, kind: str) -> None:
    page = render('{% from "macros/status.html" import status %}{{ status(kind) }}', kind=kind)
    assert any(shape in page for shape in "▲◆●■○✓")
    assert kind not in page.replace(f"status-{kind}", "")


def test_a_table_shows_its_total_first_and_labels_cells_for_the_phone(render: Render) -> None:
    columns = [{"key": "town", "label": "乡镇"}, {"key": "rate", "label": "签约率", "bar": 100, "target": 62}]
    rows, total = [{"town": "王洛镇", "rate": 66.0}], {"town": "襄城县", "rate": 61.8}
    source = '{% from "macros/table.html" import table %}{{ table(columns, rows, total=total) }}'
    page = render(source, columns=columns, rows=rows, total=total)
    assert page.index("襄城县") < page.index("王洛镇")
    assert page.count('data-label="签约率"') == 2
    assert page.count("bar-short") == 1


def test_an_unmeasured_visit_is_said_so_and_not_drawn(render: Render) -> None:
    points = [
        SimpleNamespace(on=date(2026, 5, 1), sbp=152, dbp=94, drugs_changed=True),
        SimpleNamespace(on=date(2026, 8, 1), sbp=None, dbp=None, drugs_changed=False),
        SimpleNamespace(on=date(2026, 11, 1), sbp=136, dbp=84, drugs_changed=False),
    ]
    source = '{% from "macros/chart.html" import pressure_chart %}{{ pressure_chart(points, 140, 90) }}'
    page = render(source, points=points)
    assert page.count('class="chart-range') == 2
    assert page.count("chart-range-high") == 1
    assert page.count("未测") == 2  # in the picture and in the table under it
    assert "style=" not in page


def test_a_month_without_figures_is_a_gap_in_the_line(render: Render) -> None:
    values = [("8月", 50), ("9月", 52), ("10月", None), ("11月", 58)]
    page = render('{% from "macros/chart.html" import line12 %}{{ line12(values, 70) }}', values=values)
    assert page.count('class="chart-line"') == 1
    assert page.count('class="chart-dot"') == 3
    assert "目标 70%" in page
