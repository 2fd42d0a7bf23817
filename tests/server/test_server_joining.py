"""Joining with a code, on SQLite and on PostgreSQL: once, again after a lost answer, and never with a wrong one."""

from __future__ import annotations

import os
import threading
import uuid
from typing import Any

import requests

from sync import invitation
from sync.identity import SigningKey, fingerprint
from tests.server_process import ServerProcess


def asked(code: str, **other: str) -> dict[str, str]:
    return {"code": code, "key": SigningKey(os.urandom(32)).public.hex(), "person": str(uuid.uuid4()), "device": str(uuid.uuid4()), **other}


def join(server: ServerProcess, request: Any) -> requests.Response:
    return requests.post(server.url + "/join", json=request, timeout=20)


def error_of(answer: requests.Response) -> str:
    told = answer.json()["error"]
    assert set(told["messages"]) == {"fr", "ar", "en"}
    assert told["message"] == told["messages"]["fr"]  # French when nothing is asked for
    return str(told["code"])


def test_the_same_key_and_code_get_the_same_answer_again(server: ServerProcess) -> None:
    request = asked(server.invite("editor"))
    first, second = join(server, request), join(server, request)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["role"] == "editor"
    assert invitation.parse(request["code"]).fits(fingerprint(bytes.fromhex(first.json()["authority"])))


def test_a_code_serves_one_key(server: ServerProcess) -> None:
    code = server.invite()
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(join(server, asked(code)).status_code)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [200, 403, 403, 403]
    assert error_of(join(server, asked(code))) == "code_used"


def test_unknown_old_and_foreign_codes_are_refused_by_name(server: ServerProcess) -> None:
    mine = invitation.parse(server.invite())
    assert error_of(join(server, asked(invitation.Invitation("0" * 10, mine.pin).code))) == "code_unknown"
    assert error_of(join(server, asked(invitation.Invitation(mine.secret, "000000").code))) == "code_unknown"
    assert error_of(join(server, asked("hello"))) == "code_unknown"
    assert join(server, asked(mine.code)).status_code == 200


def test_requests_that_are_none(server: ServerProcess) -> None:
    code = server.invite()
    keys = ("zz", "00" * 32, "02" + "ff" * 31)
    for wrong in (["no"], {"code": code}, asked(code, person="me"), *(asked(code, key=key) for key in keys)):
        assert error_of(join(server, wrong)) == "invalid"
    assert join(server, asked(code)).status_code == 200  # none of them used the code up


def test_nobody_joins_as_somebody_else(server: ServerProcess) -> None:
    known = asked(server.invite())
    assert join(server, known).status_code == 200
    assert error_of(join(server, asked(server.invite(), person=known["person"]))) == "person_known"


def test_a_withdrawn_device_stays_out(server: ServerProcess) -> None:
    request = asked(server.invite())
    assert join(server, request).status_code == 200
    assert server.json("revoke", request["device"])["revoked"] == 1
    assert server.json("revoke", request["device"])["revoked"] == 0
    assert error_of(join(server, {**request, "code": server.invite()})) == "revoked"
    assert server.run("revoke", "nobody").returncode == 1


def test_the_language_asked_for(server: ServerProcess) -> None:
    answer = requests.post(server.url + "/join", json=asked("hello"), headers={"Accept-Language": "de, ar;q=0.8, fr;q=0.2"}, timeout=20)
    told = answer.json()["error"]
    assert told["message"] == told["messages"]["ar"]
