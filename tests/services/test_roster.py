"""Rosters of a made-up county on their way into its records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests import rosters
from tests.factories import AT, COUNTY, FAR_VILLAGE, NEXT_VILLAGE, TODAY, VILLAGE, a_region_tree, a_team
from tests.rosters import HEADER, id_number, person
from tracker.domain.contract import ContractKind, Evidence
from tracker.domain.finding import Finding, Result
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterVisit
from tracker.domain.terms import Disease, Status
from tracker.extensions import db
from tracker.jobs.roster import Counts, Run
from tracker.models import (
    Audit,
    Base,
    Condition,
    Contract,
    ContractPackage,
    Judgement,
    Residence,
    Resident,
    ResidentGroup,
    ResidentPhone,
    StatusEvent,
    Task,
    Visit,
    VisitSource,
    VisitVersion,
)
from tracker.schemas.visit import VisitIn
from tracker.services.audit import SYSTEM
from tracker.services.roster.draft import Setting
from tracker.services.roster.place import county
from tracker.services.roster.visit import body_of

BORN = date(1956, 3, 2)
Import = Callable[..., tuple[Counts, list[Finding]]]


def a_row(name: str, number: object, **cells: object) -> list[object]:
    return person(name, number, **{"乡镇": "颍桥镇", "村": "东村委会", **cells})


def a_patient(serial: int = 1, **cells: object) -> list[object]:
    told = {
        "联系方式": "13800000001（儿子）",
        "是否签约": "√",
        "签约日期": "2026.1.5",
        "到期日期": "2027.1.4",
        "高血压": "是",
        "确诊日期": "2015.6.1",
        "最近随访时间": "2026.8.1",
        "血压": "138/86",
        "备注": "独居",
    }
    return a_row(f"王一{'甲乙丙丁戊己庚辛'[serial % 8]}", id_number(BORN, serial), **{**told, **cells})


@pytest.fixture
def bring(session: Session, tmp_path: Path) -> Import:
    """Imports rows and answers with the counts and the findings."""
    a_team(session)
    session.commit()

    def run(*rows: Any, apply: bool = True, area: tuple[str, ...] = (), today: date = TODAY) -> Any:
        file = rosters.xlsx(tmp_path / "r.xlsx", ("名册", [HEADER.split(), *rows]))
        session.commit()
        setting = Setting(county(session, COUNTY, area), today, AT)
        session.commit()
        work = Run(lambda: Session(db.engine), file, setting, SYSTEM if apply else None)
        found = list(work.findings())
        session.expire_all()
        return work.counts, found

    return run


def only(session: Session, model: type[Base]) -> Any:
    return session.scalars(select(model)).one()


def everything(session: Session) -> dict[str, int]:
    counts = {
        t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables
    }
    session.commit()
    return counts


def reasons(found: list[Finding]) -> set[tuple[Result, Reason]]:
    return {(f.result, f.reason) for f in found}


def test_a_row_becomes_a_person_with_all_that_it_tells(session: Session, bring: Import) -> None:
    counts, _found = bring(a_patient())
    assert counts.summary() == {
        "rows": 1, "accepted": 1, "created": 1, "changed": 0, "refused": 0, "left_empty": 0, "notes": 1,
    }  # fmt: skip
    resident = only(session, Resident)
    assert (resident.name, resident.id_number, resident.village_code) == ("王一乙", id_number(BORN), VILLAGE)
    assert (resident.archive_no, resident.note, resident.source) == (f"{VILLAGE}00001", "独居", "import")
    phone = only(session, ResidentPhone)
    assert (phone.number, phone.note) == ("13800000001", "儿子")
    assert only(session, Residence).from_on == BORN


def test_a_disease_begins_with_the_last_visit_and_keeps_its_diagnosis(
    session: Session, bring: Import
) -> None:
    bring(a_patient())
    condition, visit, task = only(session, Condition), only(session, Visit), only(session, Task)
    assert (condition.enrolled_on, condition.diagnosed_on) == (date(2026, 8, 1), date(2015, 6, 1))
    assert (condition.status, condition.next_due) == (Status.ACTIVE, date(2026, 11, 1))
    assert (visit.source, visit.mode, visit.sbp, visit.dbp) == (VisitSource.IMPORT, None, 138, 86)
    assert (visit.visit_date, visit.approval, visit.late_entry) == (date(2026, 8, 1), None, False)
    assert (task.due_on, only(session, VisitVersion).body) == (date(2026, 11, 1), visit.body)
    assert only(session, Judgement).evaluated


def test_a_disease_without_a_visit_begins_on_the_day_of_the_import(session: Session, bring: Import) -> None:
    bring(a_row("李二", id_number(BORN), 糖尿病="是"))
    condition = only(session, Condition)
    assert (condition.disease, condition.enrolled_on) == (Disease.DIABETES, TODAY)
    assert everything(session)["visit"] == 0


def test_contract_dates_make_a_paper_contract_with_the_villages_team(session: Session, bring: Import) -> None:
    bring(a_patient())
    contract = only(session, Contract)
    assert (contract.start_on, contract.end_on, contract.years) == (date(2026, 1, 5), date(2027, 1, 4), 1)
    assert (contract.evidence, contract.kind, contract.source) == (
        Evidence.PAPER,
        ContractKind.FIRST,
        "import",
    )
    assert contract.occupied_until == contract.end_on
    assert only(session, ContractPackage).contract_id == contract.id


def test_a_dry_run_says_the_same_and_writes_nothing(session: Session, bring: Import) -> None:
    rows = [a_patient(n) for n in (1, 2)] + [a_row("赵三（已故）", id_number(BORN, 3)), a_row("坏", "123")]
    before = everything(session)
    dry = bring(*rows, apply=False)
    assert everything(session) == before
    wet = bring(*rows)
    assert (dry[0].summary(), dry[1]) == (wet[0].summary(), wet[1])


def test_the_second_run_changes_nothing_and_finds_the_same(session: Session, bring: Import) -> None:
    rows = [
        *(a_patient(n) for n in (1, 2)),
        a_row("赵三（已故）", id_number(BORN, 3), 高血压="是", 签约日期="2026.1.5", 到期日期="2027.1.4"),
        a_row("吴七", "不详", 性别="1", 出生日期="1988.8.8"),
        a_row("陈十", id_number(BORN, 4), 签约日期="2026.1.5", 到期日期="2026.12.31"),
        a_row("坏", "123"),
    ]
    first = bring(*rows)
    stored = everything(session)
    second = bring(*rows, today=TODAY + timedelta(days=40))
    assert everything(session) == stored
    assert second[1] == first[1]
    assert (second[0].created, second[0].changed, second[0].accepted) == (0, 0, first[0].accepted)


def test_a_person_marked_as_deceased_is_dead_on_the_day_of_the_import(
    session: Session, bring: Import
) -> None:
    bring(a_patient(备注="已故"))
    event, contract, condition = (only(session, m) for m in (StatusEvent, Contract, Condition))
    assert (event.status, event.on, event.date_estimated) == (Status.DEAD, TODAY, True)
    assert event.approved_at is not None
    assert (contract.terminated_on, contract.termination_reason) == (TODAY, "01")
    assert (condition.status, condition.next_due) == (Status.DEAD, None)
    assert only(session, Residence).to_on == TODAY


def test_a_newer_roster_fills_what_is_empty_and_tells_what_differs(session: Session, bring: Import) -> None:
    bring(a_row("王一", id_number(BORN), 联系方式="13800000001"))
    counts, found = bring(
        a_row(
            "王一", id_number(BORN), 联系方式="13800000002", 备注="独居", 高血压="是", 人群类别="残疾人",
            签约日期="2026.1.5", 到期日期="2027.1.4",
        )
    )  # fmt: skip
    assert (counts.created, counts.changed, found) == (0, 1, [])
    numbers = session.scalars(select(ResidentPhone.number).order_by(ResidentPhone.position))
    assert list(numbers) == ["13800000001", "13800000002"]
    assert (only(session, Resident).note, only(session, ResidentGroup).code) == ("独居", "DIS")
    assert only(session, Task).condition_id == only(session, Condition).id
    counts, found = bring(a_row("王一", id_number(BORN), 备注="与儿子同住", 高血压="是"))
    assert counts.changed == 0
    assert reasons(found) == {(Result.NOTE, Reason.VALUE_ON_FILE)}


def test_one_id_number_never_gets_a_second_name(session: Session, bring: Import) -> None:
    bring(a_row("王一", id_number(BORN)))
    counts, found = bring(a_row("李二", id_number(BORN)))
    assert [(f.result, f.reason, f.column, f.row) for f in found] == [
        (Result.REFUSED, Reason.ID_NAME_ON_FILE, "身份证号码", 2)
    ]
    assert (counts.refused, counts.accepted) == (1, 0)
    assert only(session, Resident).name == "王一"


def test_fifteen_digits_find_the_person_of_eighteen(session: Session, bring: Import) -> None:
    number = id_number(BORN)
    bring(a_row("王一", number))
    bring(a_row("王一", number[:6] + number[8:17]))
    assert only(session, Resident).id_number == number


def test_somebody_on_file_in_another_village_is_not_moved(session: Session, bring: Import) -> None:
    bring(a_row("王一", id_number(BORN)))
    counts, found = bring(a_row("王一", id_number(BORN), 村="西村委会", 联系方式="13800000009"))
    assert reasons(found) == {(Result.NOTE, Reason.ELSEWHERE_ON_FILE)}
    assert (only(session, Resident).village_code, counts.changed) == (VILLAGE, 1)
    assert only(session, ResidentPhone).village_code == VILLAGE


def test_rows_outside_the_area_are_refused_and_foreign_records_left_alone(
    session: Session, bring: Import
) -> None:
    far = {"乡镇": "麦岭镇", "村": "南村委会"}
    bring(a_row("王一", id_number(BORN), **far))
    counts, found = bring(
        a_row("王一", id_number(BORN), 联系方式="13800000009"),
        a_row("李二", id_number(BORN, 2), **far),
        a_row("赵三", id_number(BORN, 3)),
        area=(VILLAGE[:9],),
    )
    assert {(f.row, f.reason) for f in found} == {(2, Reason.FOREIGN_ON_FILE), (3, Reason.OUTSIDE_AREA)}
    assert (counts.accepted, counts.created, counts.refused) == (1, 1, 2)
    assert set(session.scalars(select(Resident.village_code))) == {FAR_VILLAGE, VILLAGE}
    assert everything(session)["resident_phone"] == 0


def test_who_awaits_papers_is_found_by_name_birth_and_village_and_gets_the_number_later(
    session: Session, bring: Import
) -> None:
    waiting = a_row("吴七", "无", 性别="男", 出生日期="1956.3.2")
    bring(waiting)
    bring(waiting)
    assert only(session, Resident).id_number is None
    counts, _found = bring(a_row("吴七", id_number(BORN)))
    assert (counts.created, counts.changed) == (0, 1)
    resident = only(session, Resident)
    assert (resident.id_number, resident.no_id_reason) == (id_number(BORN), None)
    counts, found = bring(waiting)
    assert (Result.NOTE, Reason.SAME_ON_FILE) in reasons(found)
    assert only(session, Resident).id == resident.id


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ("2027.1.5", Reason.CONTRACT_TERM),
        ("2026.12.31", Reason.CONTRACT_TERM),
        ("2029.1.4", None),
    ],
)
def test_a_term_of_no_whole_years_is_kept_as_the_roster_has_it(
    session: Session, bring: Import, ends: str, reason: Reason | None
) -> None:
    _counts, found = bring(a_row("王一", id_number(BORN), 签约日期="2026.1.5", 到期日期=ends))
    assert {f.reason for f in found} == ({reason} if reason else set())
    contract = only(session, Contract)
    assert (contract.end_on, contract.years) == (date(*map(int, ends.split("."))), 3 if "2029" in ends else 1)


def test_a_contract_that_overlaps_or_has_no_team_is_left_out(session: Session, bring: Import) -> None:
    bring(a_patient())
    _counts, found = bring(
        a_patient(签约日期="2026.6.1", 到期日期="2027.5.31"),
        a_row(
            "李二", id_number(BORN, 2), 乡镇="麦岭镇", 村="南村委会", 签约日期="2026.1.5", 到期日期="2027.1.4"
        ),
    )
    told = {f.reason: f.params for f in found}
    assert told[Reason.CONTRACT_OVERLAPS] == {"team": "一队", "end": "2027-01-04"}
    assert Reason.CONTRACT_WITHOUT_TEAM in told
    assert everything(session)["contract"] == 1


def test_the_next_years_contract_is_a_renewal(session: Session, bring: Import) -> None:
    bring(a_patient(签约日期="2025.1.5", 到期日期="2026.1.4"))
    bring(a_patient())
    first, second = session.scalars(select(Contract).order_by(Contract.start_on))
    assert (second.kind, second.predecessor_id) == (ContractKind.RENEWAL, first.id)


def test_nothing_is_added_to_somebody_who_is_gone_nor_a_death_repeated(
    session: Session, bring: Import
) -> None:
    bring(a_row("王一（已故）", id_number(BORN)))
    stored = everything(session)
    told = {"签约日期": "2026.1.5", "到期日期": "2027.1.4", "高血压": "是"}
    counts, found = bring(a_row("王一", id_number(BORN), **told))
    assert (counts.changed, reasons(found)) == (0, {(Result.NOTE, Reason.GONE_ON_FILE)})
    event = only(session, StatusEvent)
    event.withdrawn_at = AT
    session.commit()
    _counts, found = bring(a_row("王一（已故）", id_number(BORN)))
    assert (Result.NOTE, Reason.ALIVE_ON_FILE) in reasons(found)
    assert everything(session) == stored


def test_archive_numbers_of_paper_files_are_kept_where_they_are_free(
    session: Session, bring: Import, tmp_path: Path
) -> None:
    header = ["姓名", "身份证号码", "村", "档案编号"]
    numbers = [f"{VILLAGE}00001", f"{VILLAGE}00001", "", f"{VILLAGE}99999", "HB-7"]
    rows = [[f"王{c}", id_number(BORN, n), "东村委会", numbers[n]] for n, c in enumerate("甲乙丙丁戊")]
    file = rosters.xlsx(tmp_path / "a.xlsx", ("名册", [header, *rows]))
    setting = Setting(county(session, COUNTY), TODAY, AT)
    session.commit()
    found = list(Run(lambda: Session(db.engine), file, setting, SYSTEM).findings())
    kept = {row[0]: row[1] for row in session.execute(select(Resident.name, Resident.archive_no))}
    assert (kept["王甲"], kept["王戊"]) == (f"{VILLAGE}00001", "HB-7")
    assert sorted(kept[n] for n in ("王乙", "王丙", "王丁")) == [f"{VILLAGE}0000{n}" for n in (2, 3, 4)]
    assert [f.row for f in found if f.reason is Reason.ARCHIVE_NUMBER] == [3, 5]


def test_a_row_that_the_database_does_not_take_stops_no_other(
    session: Session, bring: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.services.roster import rows as roster_rows

    plain = roster_rows._put_person

    def broken(bulk: Any, made: Any, setting: Setting) -> None:
        plain(bulk, made, setting)
        if made.row.name == "坏人":
            plain(bulk, made, setting)

    monkeypatch.setattr(roster_rows, "_put_person", broken)
    rows = [
        a_row("王一", id_number(BORN)),
        a_row("坏人", id_number(BORN, 2)),
        a_row("赵三", id_number(BORN, 3)),
    ]
    counts, found = bring(*rows)
    assert [(f.row, f.reason) for f in found] == [(3, Reason.ROW_FAILED)]
    assert (counts.created, counts.refused) == (2, 1)
    assert set(session.scalars(select(Resident.name))) == {"王一", "赵三"}


def test_each_part_leaves_a_line_in_the_trail(session: Session, bring: Import) -> None:
    bring(a_patient())
    lines = session.scalars(select(Audit).where(Audit.action == "import residents")).all()
    assert [line.details for line in lines] == [{"created": 1, "changed": 0}]


def _sorted(session: Session, query: Any) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in session.scalars(query)))


def picture(session: Session) -> set[tuple[Any, ...]]:
    """The people and what hangs on them, without what depends on the order (ids, archive numbers)."""
    found = set()
    for resident in session.scalars(select(Resident)):
        own = [
            tuple(
                sorted(
                    str(v) for v in session.scalars(select(column).where(model.resident_id == resident.id))
                )
            )
            for model, column in (
                (ResidentPhone, ResidentPhone.number),
                (Condition, Condition.enrolled_on),
                (Contract, Contract.start_on),
                (Visit, Visit.visit_date),
                (Task, Task.due_on),
                (StatusEvent, StatusEvent.status),
            )
        ]
        found.add((resident.name, resident.id_number, resident.village_code, resident.note, *own))
    session.commit()
    return found


def test_any_order_of_the_rows_gives_the_same_people(app: Flask, session: Session) -> None:
    a_team(session)
    session.commit()
    rows = [
        *(a_patient(n) for n in range(1, 5)),
        a_patient(2, 最近随访时间="2026.10.1", 血压="150/95", 联系方式="13800000077"),
        a_row("赵三（已故）", id_number(BORN, 9)),
        a_row("吴七", "不详", 性别="1", 出生日期="1988.8.8"),
        a_row("陈十", id_number(BORN, 10), 村="西村委会", 糖尿病="是", 空腹血糖=6.8, 最近随访时间="2026.9.1"),
        a_row("坏", "123"),
    ]
    pictures = []
    for seed in range(3):
        Random(seed).shuffle(rows)
        setting = Setting(county(session, COUNTY), TODAY, AT)
        session.commit()
        with TemporaryDirectory() as folder:
            file = rosters.xlsx(Path(folder) / "r.xlsx", ("名册", [HEADER.split(), *rows]))
            list(Run(lambda: Session(db.engine), file, setting, SYSTEM).findings())
        pictures.append(picture(session))
        from tests.conftest import _empty

        session.commit()
        db.session.remove()
        _empty()
        a_region_tree(session)
        a_team(session)
        session.commit()
    assert len(pictures[0]) == 7
    assert pictures[0] == pictures[1] == pictures[2]


def test_a_village_known_by_another_name_is_found(session: Session, bring: Import) -> None:
    from tracker.models import RegionAlias

    session.add(RegionAlias(region_code=NEXT_VILLAGE, alias="老西庄"))
    session.commit()
    bring(a_row("王一", id_number(BORN), 村="老西庄"))
    assert only(session, Resident).village_code == NEXT_VILLAGE


@pytest.mark.parametrize("diseases", [[], [Disease.DIABETES], [Disease.DIABETES, Disease.HYPERTENSION]])
@pytest.mark.parametrize(
    "told",
    [
        RosterVisit(date(2026, 8, 1)),
        RosterVisit(date(2026, 8, 1), 138, 86),
        RosterVisit(date(2026, 8, 1), fpg=Decimal("6.8")),
        RosterVisit(date(2026, 8, 1), 138, 86, Decimal("7.0")),
    ],
)
def test_a_visit_of_a_roster_is_written_as_any_other_visit(
    told: RosterVisit, diseases: list[Disease]
) -> None:
    body = body_of(uuid4(), uuid4(), told, diseases, AT)
    typed = VisitIn.model_validate(body).body()
    assert (typed, list(typed)) == (body, list(body))


def test_as_many_statements_store_many_people_as_a_few(session: Session, bring: Import) -> None:
    def statements(*rows: list[object]) -> int:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        bring(*rows)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = statements(*(a_patient(n) for n in (1, 2)))
    many = statements(*(a_patient(n, 联系方式=f"138000001{n:02d}") for n in range(3, 60)))
    assert many == few
    few = statements(*(a_patient(n, 联系方式="13900000001") for n in (1, 2)))
    many = statements(*(a_patient(n, 联系方式=f"139000001{n:02d}") for n in range(3, 60)))
    assert many == few
