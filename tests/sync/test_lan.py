"""Two and three PCs meet on a local network, over real sockets: both directions in one visit, resumed where it was cut, hostile visitors."""

from __future__ import annotations

import http.client
import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from i18n import Text
from sync import codec
from sync.errors import Cancelled, Failure, Offline, Refused
from sync.files import CHUNK
from sync.record import Kinds
from sync.relay import lan_server, visiting
from sync.relay.holding import PAGE, Have, Holding, Item
from sync.relay.lan import Sharing
from sync.relay.lan_client import LanCarrier
from sync.relay.lan_words import FILES, HAVE, TAKE, Ask, Refusal, framed, packed
from sync.relay.local import Address, read_address
from sync.relay.visiting import Visited, visit
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network
from tests.sync.roads_cut import answering_once, cutting
from tests.sync.test_scopes import MEMO

KINDS = Kinds((HOUSE, DOOR, TREE, MEMO))


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    def may(actor: object, operation: str, kind: str, values: object, scope: str) -> Text | None:
        return Text("Not this one.") if kind == "door" else None

    with Network(tmp_path, kinds=KINDS, may=may) as network:
        yield network


@pytest.fixture
def three(net: Network) -> list[Device]:
    found = [net.device(name) for name in ("ana", "bilal", "clara")]
    net.heal()
    return found


@contextmanager
def sharing(device: Device, *, unlocked: bool = True) -> Iterator[Sharing]:
    """This device's folder on loopback; locked, it serves as a guest does."""
    found = Sharing(lambda: device.network.guest(f"guest of {device.name}", device.folder).ws if not unlocked else device.ws, device.network.key.public,
                    name="PC", hosts=("127.0.0.1",))
    found._wanted = free_port()
    found.start(device.ws if unlocked else None)
    try:
        yield found
    finally:
        if unlocked:
            found.use(None)
        found.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def meets(visitor: Device, host: Sharing, **more: object) -> Visited:
    return visit(visitor.ws, LanCarrier(Address("127.0.0.1", host.port)), **more)  # type: ignore[arg-type]


def everything(device: Device) -> set[str]:
    return {str(record["name"]["fr"]) for kind in ("house", "tree") for record in device.ws.records(kind)}


def with_photo(device: Device, size: int, seed: int = 1) -> str:
    path = device.folder / f"photo {seed}.png"
    path.write_bytes(random.Random(seed).randbytes(size))
    id = device.ws.add("house", {"name": {"fr": f"with photo {seed}"}}).id
    kept = device.ws.files.take(path)
    device.ws.edit("house", id, {"photo": kept})
    return str(kept["sha256"])


def test_both_directions_in_one_visit_and_nothing_the_second_time(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    for number in range(5):
        ana.ws.add("house", {"name": {"fr": f"a{number}"}})
        bilal.ws.add("tree", {"name": {"fr": f"b{number}"}})
    ana.sync()
    bilal.sync()
    ana.ws.add("tree", {"name": {"fr": "waits"}})
    with sharing(bilal) as host:
        found = meets(ana, host)
        assert (found.name, found.set_aside) == ("PC", [])
        scanned = read_address(host.addresses()[0].code)
        assert scanned.network and meets(ana, host, network=scanned.network).set_aside == []
        assert found.given and (found.received or found.sealed)
        again = meets(ana, host)
        assert (again.received, again.parcels, again.given, again.files) == (0, 0, 0, 0)
        assert host.counts.visitors == 1
    assert everything(ana) == {*(f"{who}{n}" for who in "ab" for n in range(5)), "waits"}
    assert everything(bilal) >= {f"{who}{n}" for who in "ab" for n in range(5)}
    bilal.sync()
    net.heal()
    net.in_step()


def test_three_pcs_and_the_verdicts_come_all_the_way_back(net: Network, three: list[Device]) -> None:
    """A meets B, B meets C, C the server; then the other way round."""
    ana, bilal, clara = three
    for device in three:
        device.ws.add("house", {"name": {"fr": f"house of {device.name}"}})
        device.ws.add("tree", {"name": {"fr": f"tree of {device.name}"}})
    refused = ana.ws.add("door", {"name": "refused"})
    with sharing(bilal) as host:
        meets(ana, host)
    with sharing(clara) as host:
        meets(bilal, host)
    clara.sync()
    with sharing(clara) as host:
        meets(bilal, host)
    with sharing(bilal) as host:
        meets(ana, host)
    assert everything(ana) == everything(bilal) == everything(clara) == {f"{what} of {one.name}" for what in ("house", "tree") for one in three}
    assert [one.id for one in ana.ws.outbox() if one.state == "refused"] == [refused.id]
    net.in_step()
    assert sum(device.sync().sent for device in three) == 0


def test_it_serves_while_everybody_is_locked_out(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    bilal.ws.add("house", {"name": {"fr": "public"}})
    bilal.sync()
    bilal.ws.add("tree", {"name": {"fr": "sealed"}})
    Holding(bilal.ws).seal()
    bilal.ws.close()
    with sharing(bilal, unlocked=False) as host:
        ana.ws.add("house", {"name": {"fr": "of ana"}})
        found = meets(ana, host)
        assert (found.received, found.parcels, found.given) == (1, 1, 1)
    net.devices = [one for one in net.devices if not one.guest]
    bilal.ws = bilal.open()
    assert ana.sync().carried == 1
    net.heal()
    net.in_step()
    assert everything(bilal) == {"public", "sealed", "of ana"}


def test_a_visit_that_is_cut_anywhere_goes_on_from_there(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    for number in range(12):
        ana.ws.add("house", {"name": {"fr": f"a{number}"}})
        ana.sync()
        bilal.ws.add("house", {"name": {"fr": f"b{number}"}})
        ana.ws.add("tree", {"name": {"fr": f"t{number}"}})
    sha256 = with_photo(ana, 300_000)
    ana.sync()
    monkeypatch.setattr(lan_server, "ANSWER", 600)
    monkeypatch.setattr(visiting, "ANSWER", 600)
    cuts = 0
    with sharing(ana) as host, cutting(host.port) as road:
        for after in [*range(0, 8_000, 400), *range(8_000, 400_000, 40_000)]:
            road.after = after
            try:
                visit(bilal.ws, LanCarrier(Address("127.0.0.1", road.port)))
            except Failure as failure:
                assert isinstance(failure, Offline), failure
                cuts += 1
            else:
                break
        road.after = 10**9
        last = visit(bilal.ws, LanCarrier(Address("127.0.0.1", road.port)))
        assert last.set_aside == []
    assert cuts > 10
    assert bilal.ws.files.here(sha256)
    assert {f"a{n}" for n in range(12)} <= everything(bilal)
    assert Holding(ana.ws).have().parcels
    net.heal()
    net.in_step()


def test_files_of_public_records_travel_and_no_others(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    mine, theirs = with_photo(ana, 3 * CHUNK + 5), with_photo(bilal, 2 * CHUNK, 2)
    private = ana.folder / "private.txt"
    private.write_bytes(b"not in any public record")
    hidden = str(ana.ws.files.take(private)["sha256"])
    net.heal()
    waiting = with_photo(ana, 500, 3)  # not accepted yet: nobody sees it before
    with sharing(bilal) as host:
        found = meets(ana, host)
        assert (found.files, found.files_given, found.set_aside) == (1, 1, [])
    assert ana.ws.files.here(theirs) and bilal.ws.files.here(mine)
    with sharing(ana) as host:
        for name, wanted in ((mine, 200), (hidden, 404), (waiting, 404), ("0" * 64, 404), ("../" * 5 + "etc/passwd", 404), ("x", 404)):
            for method in ("GET", "HEAD"):
                assert ask(host, method, f"{FILES}/{name}")[0] == wanted, (name, method)
        status, body = ask(host, "GET", f"{FILES}/{mine}", headers={"Range": f"bytes={CHUNK}-"})
        assert (status, body) == (206, b"".join(ana.ws.files.read(mine, CHUNK)))
    assert not bilal.ws.files.here(hidden) and not bilal.ws.files.here(waiting)


def test_a_wrong_file_is_thrown_away_and_the_others_come(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    wrong, right = with_photo(ana, 5_000), with_photo(ana, 9_000, 2)
    net.heal()
    ana.ws.files.path(wrong).write_bytes(b"x" * 5_000)
    with sharing(ana) as host:
        found = meets(bilal, host)
    assert (found.files, len(found.set_aside)) == (1, 1)
    assert bilal.ws.files.here(right) and not bilal.ws.files.here(wrong)


def test_it_can_be_stopped_and_goes_on(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    sha256 = with_photo(ana, 3_000_000)
    net.heal()
    steps: list[visiting.Step] = []
    with sharing(ana) as host:
        with pytest.raises(Cancelled):
            meets(bilal, host, watch=steps.append, stop=lambda: bool(steps) and steps[-1].file_bytes > 0)
        held = bilal.ws.files.held(sha256)
        assert 0 < held < 3_000_000
        found = meets(bilal, host, watch=steps.append)
        assert found.bytes_down < 3_000_000
    assert bilal.ws.files.here(sha256)
    assert steps[-1].file_bytes == steps[-1].file_bytes_total == 3_000_000 - held


def test_another_networks_pc_is_refused_on_both_sides(net: Network, three: list[Device], tmp_path: Path) -> None:
    ana, _, _ = three
    ana.ws.add("house", {"name": {"fr": "A"}})
    with Network(tmp_path / "elsewhere", 7, kinds=KINDS) as other:
        stranger = other.device("stranger")
        stranger.sync()
        with sharing(ana) as host:
            with pytest.raises(Refused) as told:
                meets(stranger, host)
            assert told.value.code == "other_network"
            carrier = LanCarrier(Address("127.0.0.1", host.port))
            with pytest.raises(Refused):
                visit(stranger.ws, carrier)
            assert carrier.turns == 1  # left at once: what is here is told to nobody of another network
            with pytest.raises(Refused) as told:
                meets(ana, host, network="00" * 4)
            assert told.value.code == "other_network"
            status, body = ask(host, "POST", "/dalil/give", packed(Ask(Holding(stranger.ws).have())))
            assert (status, codec.unpack(body, Refusal).code) == (403, "other_network")
            brought = LanCarrier(Address("127.0.0.1", host.port)).bring(list(Holding(stranger.ws).give()))
            assert (brought.received, brought.parcels, brought.sealed) == (0, 0, 0)
            assert brought.refused
        assert everything(stranger) == set()


def test_a_liar_with_the_right_fingerprint_gives_nothing(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    for number in range(4):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
        ana.sync()
    whole = Holding.give

    def lies(self: Holding, other: Have | None = None) -> Iterator[Item]:
        for item in whole(self, other):
            at = len(item.data) // 2
            yield Item(item.kind, item.data[:at] + bytes([item.data[at] ^ 1]) + item.data[at + 1:])
        for number in range(50):
            yield Item(PAGE, os.urandom(200) + bytes([number]))

    before = bilal.ws.digest()
    monkeypatch.setattr(lan_server, "ANSWER", 600)
    monkeypatch.setattr(lan_server.Holding, "give", lies)
    with sharing(ana) as host, pytest.raises(Failure):
        meets(bilal, host)
    assert bilal.ws.digest() == before
    monkeypatch.undo()
    with sharing(ana) as host:
        assert meets(bilal, host).set_aside == []
    assert everything(bilal) == everything(ana)


def test_one_bad_piece_keeps_nothing_else_away(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    for number in range(4):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
        ana.sync()
    ana.ws.add("house", {"name": {"fr": "waits"}})
    whole = Holding.give

    def one_lie(self: Holding, other: Have | None = None) -> Iterator[Item]:
        yield Item(PAGE, b"no page" * 200)
        yield from whole(self, other)

    monkeypatch.setattr(lan_server, "ANSWER", 600)
    monkeypatch.setattr(lan_server.Holding, "give", one_lie)
    with sharing(ana) as host:
        found = meets(bilal, host)
    assert (found.received, found.parcels, len(found.set_aside)) == (4, 1, 2)  # the lie came, and was brought back


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "/", b"", 404), ("GET", "/dalil/../etc", b"", 404), ("POST", HAVE, b"", 404), ("DELETE", f"{FILES}/{'0' * 64}", b"", 404),
    ("POST", "/dalil/give", b"garbage", 400), ("POST", "/dalil/give", codec.pack([1, 2]), 400), ("POST", FILES, b"\xc1", 400),
    ("POST", TAKE, b"", 400), ("POST", TAKE, b"DALIL-LAN1", 400), ("POST", TAKE, b"<html>", 400),
    ("POST", TAKE, b"DALIL-LAN1\xff\xff\xff\xff", 413), ("POST", TAKE, b"DALIL-LAN1\x00\x00\x00\x03abc\x00\x00\x00\x00\x00", 400),
    ("PUT", f"{FILES}/{'0' * 64}?offset=0", b"abc", 409), ("PUT", f"{FILES}/x?offset=0", b"abc", 409), ("PUT", f"{FILES}/{'0' * 64}", b"abc", 409),
])
def test_nonsense_is_refused_and_the_others_are_served(net: Network, three: list[Device], method: str, path: str, body: bytes, status: int) -> None:
    ana, bilal, _ = three
    ana.ws.add("house", {"name": {"fr": "A"}})
    before = ana.ws.digest()
    with sharing(ana) as host:
        assert ask(host, method, path, body)[0] == status
        assert meets(bilal, host).parcels == 1
    assert ana.ws.digest() == before


def test_too_much_at_once_is_refused_before_it_is_read(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    with sharing(ana) as host:
        for length in (200 * 1024 * 1024, 10**15):
            with socket.create_connection(("127.0.0.1", host.port)) as one:
                one.sendall(f"POST {TAKE} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode() + b"DALIL-LAN1" + bytes(1000))
                assert b" 413 " in one.recv(100)
        with socket.create_connection(("127.0.0.1", host.port)) as one:
            one.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000)
            assert b" 413 " in one.recv(100)
        with socket.create_connection(("127.0.0.1", host.port)) as one:
            one.sendall(f"POST {TAKE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + b"5\r\nDALIL\r\n" * 3)
            assert b" 413 " in one.recv(100)
        status, body = ask(host, "POST", TAKE, b"".join(framed((Item("hologram", b"") for _ in range(30_000)), more=False)))
        assert (status, codec.unpack(body, Refusal).code) == (413, "too_large")
        assert meets(bilal, host).set_aside == []


def test_who_dawdles_takes_no_place_from_the_others(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    """Many connections of one address that say nothing, or half a request: the others are served, and they are left in the end."""
    ana, bilal, _ = three
    monkeypatch.setattr("sync.relay.lan.PATIENCE", 2.0)
    monkeypatch.setattr("sync.relay.lan_limits.GRACE", 0.5)
    with sharing(ana) as host:
        idle = [socket.create_connection(("127.0.0.1", host.port)) for _ in range(30)]
        for number, one in enumerate(idle):
            one.settimeout(30)
            one.sendall((b"", b"GET /dalil/ha", f"POST {TAKE} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nDAL".encode())[number % 3])
        for one in idle:
            while one.recv(4096):
                pass
            one.close()
        assert meets(bilal, host).set_aside == []


def test_a_bit_now_and_then_is_too_slow(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    monkeypatch.setattr("sync.relay.lan_limits.GRACE", 0.2)
    monkeypatch.setattr("sync.relay.lan_limits.SLOWEST", 1_000_000)
    with sharing(ana) as host, socket.create_connection(("127.0.0.1", host.port)) as one:
        one.settimeout(0.05)
        one.sendall(f"POST {TAKE} HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\nDALIL-LAN1".encode())
        one.sendall(b"\x00\x07\x00\x00")  # an item of 450 kB begins
        answer = b""
        for _ in range(400):  # the waits are the slowness that is tested
            try:
                one.sendall(b"x")
                answer = one.recv(100) or b"closed"
                break
            except TimeoutError:
                continue
            except OSError:
                answer = b"closed"
                break
        assert answer
        assert meets(bilal, host).set_aside == []


def test_only_local_addresses_are_answered(net: Network, three: list[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    monkeypatch.setattr("sync.relay.lan_limits.is_local", lambda host: False)
    with sharing(ana) as host:
        with pytest.raises(Offline):
            meets(bilal, host)
        assert host.counts.visitors == 0


def test_nobody_there_and_something_else_there(net: Network, three: list[Device]) -> None:
    ana, _, _ = three
    with pytest.raises(Offline) as told:
        visit(ana.ws, LanCarrier(Address("127.0.0.1", free_port())))
    assert told.value.code == "nobody"
    for says, code in ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin", "not_sharing"), (b"HTTP/1.1 302 F\r\nLocation: http://x\r\n\r\n", "not_sharing"),
                       (b"SSH-2.0\r\n", "nobody"), (b"", "nobody"),
                       (b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.dalil.lan\r\nContent-Length: 5\r\n\r\nlogin", "damaged"),
                       (b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.dalil.lan\r\nContent-Length: 5\r\n\r\nlo", "cut")):
        with answering_once(says) as port, pytest.raises(Failure) as told:
            visit(ana.ws, LanCarrier(Address("127.0.0.1", port)))
        assert told.value.code == code, says


def ask(host: Sharing, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    one = http.client.HTTPConnection("127.0.0.1", host.port, timeout=20)
    try:
        one.request(method, path, body if method in ("POST", "PUT") else None, headers or {})
        answer = one.getresponse()
        return answer.status, answer.read()
    finally:
        one.close()
