"""Addresses of a local network, and computers that find each other on loopback where this machine lets them."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from zeroconf import ServiceInfo

from sync.errors import Invalid, Refused
from sync.relay import local, nearby
from sync.relay.local import PORT, Address, checked_local, is_local, own_addresses, read_address
from sync.relay.nearby import SERVICE, Nearby

OURS = "0a" * 4


@pytest.mark.parametrize(("host", "local"), [
    ("127.0.0.1", True), ("10.1.2.3", True), ("172.16.0.1", True), ("172.32.0.1", False), ("192.168.43.1", True), ("169.254.9.9", True),
    ("::1", True), ("fe80::1%eth0", True), ("fd12::9", True), ("::ffff:192.168.1.4", True), ("::ffff:8.8.8.8", False), ("8.8.8.8", False),
    ("100.64.0.1", False), ("2001:db8::1", False), ("0.0.0.0", False), ("exemple.dj", False), ("", False), ("192.168.1.4.evil.dj", False),
])
def test_what_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(("typed", "host", "port", "network"), [
    ("dalil://192.168.1.4:5000/#0a0a0a0a0a0a0a0a", "192.168.1.4", 5000, "0a0a0a0a0a0a0a0a"), ("http://192.168.1.4:5000", "192.168.1.4", 5000, ""),
    (" 192.168.1.4 ", "192.168.1.4", PORT, ""), ("192.168.1.4:1", "192.168.1.4", 1, ""), ("dalil://[fe80::1%25eth0]:7/", "fe80::1%eth0", 7, ""),
    ("DALIL://salle:80", "salle", 80, ""),
])
def test_addresses_as_typed_or_scanned(typed: str, host: str, port: int, network: str) -> None:
    found = read_address(typed)
    assert (found.host, found.port, found.network) == (host, port, network)
    assert read_address(found.code) == found


@pytest.mark.parametrize("typed", ["", "dalil://", "ftp://192.168.1.4", "192.168.1.4:99999", "192.168.1.4:x", "http://a b", "http://[::1", "dalil://h/#zz",
                                   "http://user@192.168.1.4", "/media/usb"])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Invalid):
        read_address(typed)


def test_who_is_far_is_not_visited_on_anybodys_word() -> None:
    assert checked_local(Address("192.168.1.4", 1)).port == 1
    for host in ("8.8.8.8", "exemple.dj"):
        with pytest.raises(Refused):
            checked_local(Address(host, 1))


def test_own_addresses_are_local_and_there_is_always_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = own_addresses()
    assert found and all(is_local(one) for one in found)
    monkeypatch.setattr(local, "_FAR", ())
    monkeypatch.setattr("ifaddr.get_adapters", _no_network)
    assert own_addresses() == ["127.0.0.1"]


@pytest.fixture
def two() -> Iterator[tuple[Nearby, Nearby, Event]]:
    heard = Event()
    ears, voice = Nearby(OURS, heard.set, cards=("127.0.0.1",)), Nearby(OURS, cards=("127.0.0.1",))
    try:
        ears.listen()
        yield ears, voice, heard
    except Refused as failure:
        pytest.skip(f"this machine lets nobody be found: {failure.code}")
    finally:
        voice.close()
        ears.close()


def test_two_computers_find_each_other_and_part(two: tuple[Nearby, Nearby, Event]) -> None:
    ears, voice, heard = two
    voice.announce("Salle\u202e de  Dikhil\n", [Address("127.0.0.1", 5001)])
    if not heard.wait(20):
        pytest.skip("this machine carries no multicast on loopback")
    (found,) = ears.found()
    assert (found.name, found.address, found.ours) == ("Salle de Dikhil", Address("127.0.0.1", 5001, OURS), True)
    heard.clear()
    voice.close()
    assert heard.wait(20)
    assert ears.found() == []


class _Heard:
    """A library that tells of whatever it is given."""

    def __init__(self, info: ServiceInfo | None) -> None:
        self.info = info

    def get_service_info(self, *_: object) -> ServiceInfo | None:
        return self.info


def told(addresses: list[str], port: int = 1, **more: str | bytes) -> ServiceInfo:
    return ServiceInfo(SERVICE, f"x.{SERVICE}", port=port, parsed_addresses=addresses, properties=more)


def test_what_others_announce_is_only_a_hint() -> None:
    ears = Nearby(OURS)
    ears._heard(_Heard(told(["8.8.8.8"], network=OURS)), "far")
    ears._heard(_Heard(told(["192.168.1.4"], port=0)), "no port")
    ears._heard(_Heard(None), "gone")
    assert ears.found() == []
    ears._heard(_Heard(told(["fe80::1", "192.168.1.5"], network="other", name="A")), "a")
    ears._heard(_Heard(told(["192.168.1.6"], network=OURS, name=b"\xff\xfe")), "b")
    ears._heard(_Heard(told(["192.168.1.7"])), "c")
    assert [(one.key, one.ours, one.address.host, one.address.network) for one in ears.found()] == [
        ("b", True, "192.168.1.6", OURS), ("a", False, "192.168.1.5", ""), ("c", False, "192.168.1.7", "")]
    for number in range(200):
        ears._heard(_Heard(told(["192.168.1.6"], network=OURS)), f"flood {number}")
    assert len(ears.found()) == nearby.MOST


def test_without_a_network_a_sentence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "Zeroconf", _no_network)
    one = Nearby(OURS)
    with pytest.raises(Refused) as failure:
        one.listen()
    assert failure.value.code == "no_network"
    with pytest.raises(Refused):
        one.announce("", [Address("127.0.0.1", 1)])
    one.close()


def _no_network(*_: object, **__: object) -> None:
    raise OSError(101, "Network is unreachable")
