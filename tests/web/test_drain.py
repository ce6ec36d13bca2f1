"""What is too big is answered in words by a real server, not by a broken connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest

from tests.clients import form_token
from tests.county import PASSWORD, County

MEGABYTE = 1024 * 1024
BOUNDARY = "made-up-boundary"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("drain")).prepare()
    county.staff("admin", "township_admin", "411025101", "管理员")
    with county.serving():
        yield county


class Line:
    """One connection, as a browser keeps it: every body is sent whole before the answer is read."""

    def __init__(self, county: County) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", county.port, timeout=60)
        self.cookies: dict[str, str] = {}

    def send(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": cookies, **headers})
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, answer.read().decode()


def a_file(token: str, size: int) -> bytes:
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return (field + head).encode() + b"0" * size + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_a_roster_that_is_too_big_is_refused_beside_its_field(county: County) -> None:
    line = Line(county)
    token = form_token(line.send("GET", "/login")[1])
    sign_in = f"csrf_token={token}&username=admin&password={PASSWORD}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert line.send("POST", "/login", sign_in, **kind)[0].status == 302
    token = form_token(line.send("GET", "/imports")[1])
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer, page = line.send("POST", "/imports", a_file(token, 60 * MEGABYTE), **kind)
    assert answer.status == 413
    assert '<p class="field-error" id="file-error">文件超过 20 MB' in page
    assert "data-most" in page
    answer, page = line.send("POST", "/residents/new", a_file(token, 60 * MEGABYTE), **kind)
    assert answer.status == 413
    assert "文件太大" in page
    assert line.send("GET", "/imports")[0].status == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_call_that_is_too_big_is_refused_as_a_problem(county: County, chunked: bool) -> None:
    piece = b'"' + b"0" * MEGABYTE
    body = iter([piece] * 60) if chunked else piece * 60  # of what has no length http.client makes chunks
    headers = {"Authorization": f"Bearer {county.token('admin')}", "Content-Type": "application/json"}
    answer, said = Line(county).send("POST", "/api/v1/visits", body, **headers)
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "25 MB" in json.loads(said)["detail"]


def test_a_stranger_is_sent_to_sign_in_however_much_he_sends(county: County) -> None:
    answer, _said = Line(county).send("POST", "/imports", b"0" * 20 * MEGABYTE)
    assert (answer.status, answer.headers["Location"]) == (302, "/login")
