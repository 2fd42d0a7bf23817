"""Snapshots and frozen pages of scopes that are not everybody's lie sealed where anybody may fetch them, and open for who reads the scope."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sync import ledger, scope_keys, sealed_files, segments
from sync.errors import Damaged
from sync.identity import SigningKey
from sync.snapshots import publishing
from tests.e2e.left_behind import hits
from tests.sync.network import Network

KEY = scope_keys.made(SigningKey(bytes(range(32))), "network", 1)
CANARY = "kingfisher-7141"


def sealed(data: bytes) -> bytes:
    out = io.BytesIO()
    sealed_files.seal(io.BytesIO(data), out, KEY)
    return out.getvalue()


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 200_000])
def test_it_opens_for_its_holders_only(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    found = sealed(data)
    assert sealed(data) == found, "the same file has one name"
    assert sealed_files.opened(io.BytesIO(found), {KEY.name: KEY}.get).read() == data
    with pytest.raises(Damaged):
        sealed_files.opened(io.BytesIO(found), lambda _: None)


def test_altered_or_cut_it_is_damaged_and_a_public_one_is_read_as_it_is() -> None:
    found = sealed(bytes(140_000))
    for place in (len(sealed_files.MAGIC), len(sealed_files.MAGIC) + 9, 40, 70_000, len(found) - 1):
        for wrong in (found[:place] + bytes([found[place] ^ 1]) + found[place + 1 :], found[:place]):
            with pytest.raises(Damaged):
                sealed_files.opened(io.BytesIO(wrong), {KEY.name: KEY}.get)
    assert sealed_files.opened(io.BytesIO(b"DALILSNAP\x01"), lambda _: None).read() == b"DALILSNAP\x01"


def test_what_is_offered_of_a_private_scope_is_sealed_made_smaller_and_taken(tmp_path: Path) -> None:
    with Network(tmp_path) as net:
        ana, bilal = net.device("ana"), net.device("bilal")
        ana.sync()
        bilal.sync()
        with ana.ws.together():
            for number in range(segments.SPAN + 100):
                ana.ws.add("tree", {"name": {"fr": f"{CANARY} {number}"}})
        ana.sync()
        check = lambda *_: None  # noqa: E731
        assert segments.freeze(net.store, "network", net.key, net.files, 0, check) is not None
        quick = publishing.publish(net.store, net.authority.kinds, "network", net.key, net.files)
        publishing.squeeze(net.store, "network", net.key, net.files)
        at = ledger.head(net.store, "network")
        assert at is not None
        small = publishing.offer(net.store, "network", at.epoch, 0)
        assert small is not None
        assert small.size < quick.size
        assert hits([net.files.folder], [CANARY]) == []
        late = net.device("late")
        late.sync()
        assert len(late.ws.records("tree")) == segments.SPAN + 100
        assert late.ws.private.value("SELECT count(*) FROM snapshot") == 1
        for one in (ana, bilal):
            one.sync()
        net.in_step()
