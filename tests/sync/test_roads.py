"""A server over HTTP that is not there, not ours, or stops in the middle: each is a sentence, and what is here stays."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sync import invitation
from sync.errors import Failure, NotADalilServer, Offline, Refused
from sync.exchange import join
from sync.exchange.fetching import carrier_of, fetch
from sync.identity import fingerprint
from sync.relay.http import HttpCarrier
from tests.sync.network import Device, Network, Road

NAME = hashlib.sha256(b"file").hexdigest()
Answers = Callable[..., str]


class Handler(BaseHTTPRequestHandler):
    """Answers every request alike: `told` is (status, headers, body, length that is promised)."""

    told: tuple[int, dict[str, str], bytes, int]
    asked: list[tuple[str, str | None]]  # of each request the path, and what it says to a proxy

    def answer(self) -> None:
        status, headers, body, length = self.told
        self.asked.append((self.path, self.headers["Proxy-Authorization"]))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
            self.close_connection = len(body) != length

    do_GET = do_HEAD = do_PUT = do_POST = answer

    def log_message(self, *_: object) -> None:
        """Nothing is printed in a test."""


@pytest.fixture
def answering() -> Iterator[Answers]:
    """Start a real HTTP server that answers everything alike; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes = b"", *, length: int | None = None, secured: Path | None = None, **headers: str) -> str:
        told = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body, len(body) if length is None else length)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), type("Same", (Handler,), {"told": told, "asked": []})))
        if secured is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(secured)
            servers[-1].socket = context.wrap_socket(servers[-1].socket, server_side=True)
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"{'http' if secured is None else 'https'}://127.0.0.1:{servers[-1].server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def certified(folder: Path) -> Path:
    """A key and a certificate of this machine, made and signed by itself, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to make a certificate")
    both = folder / "both.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-days", "2", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"], check=True, capture_output=True)
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


def test_an_address_without_its_scheme_is_taken_as_a_secured_one() -> None:
    assert HttpCarrier("dalil.exemple.dj/").url == "https://dalil.exemple.dj"


@pytest.mark.parametrize("address", ["http://", "https://not an address", "http://[::1"])
def test_what_is_no_address_is_said_so(address: str) -> None:
    with pytest.raises(Failure) as failed:
        HttpCarrier(address).exchange(b"")
    assert failed.value.code in ("not_a_dalil_server", "offline")


def test_a_certificate_that_nobody_vouches_for_is_not_believed(answering: Answers, tmp_path: Path) -> None:
    with pytest.raises(Offline) as failed:
        HttpCarrier(answering(200, secured=certified(tmp_path))).exchange(b"")
    assert failed.value.code == "certificate"


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    """A proxy that answers by itself, and that this system names in no way yet: its port, and what it was asked."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    asked: list[tuple[str, str | None]] = []
    told = (404, {"Dalil-Held": "12"}, b"", 0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Proxy", (Handler,), {"told": told, "asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("written", ["http://amina:mot%20de%20passe@127.0.0.1:{port}", "amina:mot%20de%20passe@127.0.0.1:{port}"])
@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
def test_the_proxy_that_the_system_names_is_taken(
    proxy: tuple[int, list[tuple[str, str | None]]], monkeypatch: pytest.MonkeyPatch, name: str, written: str
) -> None:
    port, asked = proxy
    monkeypatch.setenv(name, written.format(port=port))
    assert HttpCarrier("http://dalil.invalid").held(NAME) == 12
    assert asked == [(f"http://dalil.invalid/files/{NAME}", "Basic " + base64.b64encode(b"amina:mot de passe").decode())]


def test_an_address_that_the_system_reaches_without_its_proxy_is_asked_directly(
    proxy: tuple[int, list[tuple[str, str | None]]], answering: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = proxy
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert HttpCarrier(answering(404, Dalil_Held="7")).held(NAME) == 7
    assert asked == []


def test_a_proxy_of_a_kind_that_is_not_spoken_here_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(Offline):
        HttpCarrier("http://dalil.invalid").held(NAME)


def test_a_refusal_that_is_cut_is_a_cut(answering: Answers) -> None:
    with pytest.raises(Offline):
        list(HttpCarrier(answering(403, b'{"error"', length=500)).fetch_file(NAME, 0))


@pytest.mark.parametrize("folder", [False, True])
def test_the_authorities_that_the_system_names_are_believed(answering: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, folder: bool) -> None:
    """As one file, or as a folder of them."""
    both = certified(tmp_path)
    (trusted := tmp_path / "trusted").mkdir()
    number = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", both], check=True, capture_output=True, text=True).stdout.strip()
    shutil.copy(tmp_path / "certificate.pem", trusted / f"{number}.0")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted if folder else tmp_path / "certificate.pem"))
    assert HttpCarrier(answering(404, secured=both, Dalil_Held="5")).held(NAME) == 5


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"[" * 100_000, b'"text"'])
def test_an_answer_to_a_code_that_is_none_is_a_strangers(network: Network, answering: Answers, body: bytes) -> None:
    device = Device(network, "new", network.folder / "new", 0, network.kinds)
    with pytest.raises(NotADalilServer):
        join(device.ws, answering(200, body), invitation.make(network.random.randbytes, b"1234").code, "New")
    assert device.ws.vault.setting("authority") is None
    device.ws.close()


@pytest.mark.parametrize("body", [b"oops", b"{}", b'{"error": []}', b'{"error": "text"}', b"[" * 100_000, b'{"error": {"code": 1}}'])
@pytest.mark.parametrize(("status", "code"), [(400, "not_a_dalil_server"), (500, "offline")])
def test_a_refusal_that_is_none_of_ours_is_a_strangers(answering: Answers, body: bytes, status: int, code: str) -> None:
    with pytest.raises(Failure) as failed:
        HttpCarrier(answering(status, body)).exchange(b"")
    assert failed.value.code == code


def test_a_refusal_of_ours_is_said_in_its_own_words(answering: Answers) -> None:
    told = json.dumps({"error": {"code": "revoked", "message": "Ce poste a été retiré."}}).encode()
    with pytest.raises(Refused) as failed:
        HttpCarrier(answering(403, told)).exchange(b"")
    assert (failed.value.code, failed.value.message.say("fr")) == ("revoked", "Ce poste a été retiré.")


@pytest.mark.parametrize(("status", "headers", "held"), [
    (404, {"Dalil_Held": "12"}, 12), (404, {}, 0), (404, {"Dalil_Held": "many"}, None), (404, {"Dalil_Held": "-1"}, None), (404, {"Dalil_Held": "²"}, None),
])
def test_how_much_is_there_is_a_number_or_a_strangers_word(answering: Answers, status: int, headers: dict[str, str], held: int | None) -> None:
    carrier = HttpCarrier(answering(status, **headers))
    if held is not None:
        assert carrier.held(NAME) == held
        return
    with pytest.raises(NotADalilServer):
        carrier.held(NAME)


def test_a_file_is_not_begun_anew_where_a_part_was_asked_for(answering: Answers) -> None:
    with pytest.raises(NotADalilServer):
        list(HttpCarrier(answering(200, b"file")).fetch_file(NAME, 2))


def test_a_file_that_stops_in_the_middle_is_kept_up_to_there(network: Network, answering: Answers) -> None:
    ana = network.device("ana")
    data = bytes(200_000)
    name = hashlib.sha256(data).hexdigest()
    with pytest.raises(Offline):
        fetch(ana.ws, name, len(data), carrier=HttpCarrier(answering(200, data[:150_000], length=len(data))))
    assert 0 < ana.ws.files.held(name) <= 150_000
    network.files.append(name, 0, iter([data]), len(data))
    assert fetch(ana.ws, name, len(data), carrier=ana.road).read_bytes() == data


# Joining


def joiner(network: Network, name: str, said: dict[str, Any] | None = None) -> tuple[Device, Road]:
    """Somebody new, and a road on which a join is answered as the authority does, or as said."""
    device = Device(network, name, network.folder / name, 0, network.kinds)
    network.devices.append(device)
    whole = device.road.join
    device.road.join = lambda request: said if said is not None else whole({**request, "role": "member"})  # type: ignore[method-assign]
    return device, device.road


def code_of(network: Network) -> str:
    return invitation.make(network.random.randbytes, fingerprint(network.key.public)).code


def test_who_joins_is_known_and_has_a_copy(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    new, road = joiner(network, "new")
    join(new.ws, "direct", code_of(network), carrier=road)
    join(new.ws, "direct", code_of(network), carrier=road)  # repeating it does no harm
    assert [one.title for one in new.ws.records("house")] == ["A"]
    new.ws.add("house", {"name": {"fr": "B"}})
    network.heal()
    network.in_step()
    assert {one.title for one in bilal.ws.records("house")} == {"A", "B"}


@pytest.mark.parametrize("said", [{}, {"authority": "00"}, {"authority": "no digits", "role": "member"}, {"authority": "0", "role": "member"}])
def test_half_an_answer_pins_nothing(network: Network, said: dict[str, Any]) -> None:
    new, road = joiner(network, "new", said)
    with pytest.raises(NotADalilServer):
        join(new.ws, "direct", code_of(network), carrier=road)
    assert new.ws.vault.setting("authority") is None


def test_whoever_answers_in_the_servers_place_is_refused_before_anything_is_believed(network: Network) -> None:
    new, road = joiner(network, "new", {"authority": "ab" * 32, "role": "administrator"})
    with pytest.raises(NotADalilServer) as failed:
        join(new.ws, "direct", code_of(network), carrier=road)
    assert failed.value.code == "impostor"
    assert new.ws.vault.setting("authority") is None


def test_a_folder_of_one_network_does_not_become_anothers(network: Network, tmp_path: Path) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    with Network(tmp_path / "other", seed=1) as other:
        with pytest.raises(Refused) as failed:
            join(ana.ws, "direct", code_of(other), carrier=joiner(other, "new")[1])
        assert failed.value.code == "other_server"
    ana.sync()
    network.in_step()


def test_a_guest_does_not_join_and_nobody_syncs_before_they_did(network: Network) -> None:
    with pytest.raises(Refused) as failed:
        join(network.guest("guest").ws, "direct", code_of(network))
    assert failed.value.code == "guest"
    new, _ = joiner(network, "new")
    with pytest.raises(Refused) as failed:
        carrier_of(new.ws)
    assert failed.value.code == "not_joined"
    network.devices.remove(new)
    new.ws.close()
