"""A member whose program is wrong or wicked: each batch gets a verdict or is set aside, and everybody else goes on syncing."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sync import codec
from sync.change import START, Batch, Change, Operation, Write, log_id, log_link, log_statement
from sync.exchange import sync
from sync.exchange.words import Answer, Envelope, Request, request_statement
from sync.identity import SigningKey, key_id
from sync.workspace import Workspace
from tests.server_process import ServerProcess

SEED = b"s" * 16


def change(kind: str = "organisation", path: str = "name.fr", value: Any = "Association", time: int = 1, operation: int = Operation.CREATE) -> bytes:
    return codec.pack(Change(uuid.uuid4().bytes, kind, operation, time, [Write(path, value, [])]))


def batch(key: SigningKey, bodies: list[bytes], first: int = 1, nonce: bytes = b"", before: bytes = START,
          seeds: list[tuple[int, bytes]] | None = None) -> tuple[bytes, bytes]:
    """A signed batch as carried, and the chain at its end."""
    nonce = nonce or os.urandom(8)
    seeds = [(first // codec.RUN, SEED)] if seeds is None else seeds
    name, chain = key_id(key.public), before
    log = log_id(name, "public", nonce)
    for n, body in enumerate(bodies, first):
        chain = log_link(chain, codec.commitment(codec.salt_of(dict(seeds).get(n // codec.RUN, SEED), n), body))
    signature = key.sign(log_statement(log, first + len(bodies) - 1, chain))
    return codec.squeeze(codec.pack(Batch(name, "public", nonce, first, before, seeds, bodies, signature))), chain


def send(server: ServerProcess, key: SigningKey, *batches: bytes) -> Answer:
    payload = codec.pack(Request(b"", b"", {}, list(batches), 1000))
    body = codec.seal_message(codec.pack(Envelope(key_id(key.public), key.sign(request_statement(payload)), payload)))
    answer = requests.post(server.url + "/exchange", data=body, timeout=20)
    assert answer.status_code == 200, answer.text
    return codec.unpack(codec.open_message(answer.content), Answer)


def test_wrong_batches_leave_the_others_in_peace(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    wicked, honest = replica(server, "Wicked"), replica(server, "Honest")
    key = wicked.vault.key()
    for first in (2**31, 2**40, 2**62, 2**63):
        assert send(server, key, batch(key, [change()], first)[0]).receipts[0].reason is None or first > 2**31
    bodies = [
        change("a\0b"), change("x'; DROP TABLE entry; --"), change("ledger"), change("unknown"), change("certificate", "key", "00" * 32),
        change(value="a\0b"), change(value="a\u202eb"), change(value={"a": [1]}), change(value=2**63 - 1), change(path="a\0b"), change(path="future"),
        change("newkind", "a\0b", "c\0d"), change(time=-(2**62)), change(operation=99), change(operation=Operation.EDIT), b"junk", b"",
    ]
    for body in bodies:
        send(server, key, batch(key, [body])[0])
    assert send(server, key, batch(key, [change()], seeds=[(0, SEED), (2**63, b"x")])[0], batch(key, [change()])[0]).receipts[1].reason is None
    mine = honest.add("organisation", {"name": {"fr": "Honnête"}})
    assert sync(honest).accepted == 1
    newcomer = replica(server, "Newcomer")
    assert newcomer.get("organisation", mine.id).title == "Honnête"
    sync(honest)
    assert newcomer.digest() == honest.digest() == server.json("digest")["scopes"]
    assert server.json("verify")["ok"]
    assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]


@pytest.mark.parametrize("second", [b"B" * 16, b"A" * 16])
def test_a_run_with_two_seeds_makes_no_page_that_nobody_can_check(server: ServerProcess, replica: Callable[..., Workspace], second: bytes) -> None:
    """A copied device makes such runs honestly; a wicked one would stop everybody's sync with them."""
    key, nonce = replica(server, f"Two-{second[:1].decode()}").vault.key(), os.urandom(8)
    one, chain = batch(key, [change(value="Une")], 1, nonce, seeds=[(0, b"A" * 16)])
    two, _ = batch(key, [change(value="Deux")], 2, nonce, chain, seeds=[(0, second)])
    send(server, key, one)
    assert send(server, key, two).receipts[0].reason is None
    newcomer = replica(server, f"New-{second[:1].decode()}")
    assert {"Une", "Deux"} <= {record.title for record in newcomer.records("organisation")}
    assert newcomer.digest() == server.json("digest")["scopes"]
    assert newcomer.verify() == []
    assert server.json("verify")["ok"]
