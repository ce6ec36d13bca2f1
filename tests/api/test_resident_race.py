"""People registered at the same moment by several callers, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy.orm import Session

from tests.api.test_resident import a_body
from tests.clients import Api
from tests.factories import VILLAGE, a_member_of_staff, a_team

CALLERS = 6


def test_callers_at_once_get_one_person_and_numbers_of_their_own(app: Flask, session: Session) -> None:
    doctor = a_member_of_staff(session, team=a_team(session))
    headers = Api(app.test_client(), session, doctor).headers
    session.commit()

    def register(n: int) -> tuple[int, str | None]:
        with app.app_context():
            answer = app.test_client().post("/api/v1/residents", json=a_body(n), headers=headers)
        return answer.status_code, answer.json.get("archive_no")

    with ThreadPoolExecutor(CALLERS) as pool:
        same = list(pool.map(register, [1] * CALLERS))
        others = list(pool.map(register, range(2, 2 + CALLERS)))
    assert sorted(status for status, _ in same) == [201] + [409] * (CALLERS - 1)
    assert [status for status, _ in others] == [201] * CALLERS
    numbers = {number for _, number in same + others if number}
    assert len(numbers) == CALLERS + 1
    assert all(number.startswith(VILLAGE) for number in numbers)
