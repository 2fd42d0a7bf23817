"""Who else may stand where a neighbour, a stick or a clock is expected: real programs meet them, lose nothing, and say what is wrong."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.terminal import opening
from sync.relay.holding import Holding
from sync.relay.lan_words import GIVE, HAVE, KIND, Here, framed, packed
from tests.e2e.programs import Server, running
from tests.e2e.shared_pc import PC
from tests.faults.proxy import Fault, proxied
from tests.portal import captive_portal

DECADE = 10 * 365 * 24 * 3600 * 1000  # milliseconds
HOMES = {"amina": "A", "bahdon": "A", "charmarke": "B", "degmo": "C"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Three PCs of one network that have each other's records, and one PC of another network."""
    home = tmp_path_factory.mktemp("company")
    with running(home / "server") as server:
        for name, folder in HOMES.items():
            with PC(home / folder).sits(name) as one:
                one.does("join", server.url, server.invite(), name.title())
                one.does("add", "organisation", {"name": {"fr": f"De {name}"}, "phone": "+253 21 00 00 00"})
                one.does("sync")
        for name, folder in HOMES.items():
            PC(home / folder).dalil(name, "sync")
        with running(home / "elsewhere") as other, PC(home / "X").sits("etranger") as one:
            one.does("join", other.url, other.invite(), "Étranger")
            one.does("add", "organisation", {"name": {"fr": "D’un autre réseau"}})
            one.does("sync")
        return home, server.port


class Place:
    """A copy of the three PCs and their server, which is not running yet."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.server = Server(home / "server")
        self.server.port = port

    def pc(self, folder: str, skew: int = 0) -> PC:
        return PC(self.home / folder, None, skew)

    def records(self, name: str) -> dict[str, str]:
        """Every organisation that somebody sees: its phone by its name."""
        with self.pc(HOMES[name]).sits(name) as one:
            assert one.does("verify") == []
            return {each["name"]["fr"]: each.get("phone", "") for each in one.does("records", "organisation").values()}

    def digest(self, name: str) -> dict[str, str]:
        found: dict[str, str] = self.pc(HOMES[name]).dalil(name, "digest")["scopes"]
        return found

    def adds(self, name: str, words: str) -> None:
        self.pc(HOMES[name]).dalil(name, "add", "organisation", "--set", f"name.fr={words}")


@pytest.fixture
def place(made: tuple[Path, int], tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(made[0], tmp_path / "home")
    found = Place(tmp_path / "home", made[1])
    try:
        yield found
    finally:
        found.server.stop()


def local(url: str) -> str:
    """An address as of a computer nearby, whatever answers there."""
    return f"dalil://127.0.0.1:{urlsplit(url).port}"


def test_a_computer_of_another_network_gets_and_gives_nothing(place: Place) -> None:
    before = place.records("charmarke")
    place.adds("charmarke", "Attend")
    with place.pc("X").shares("etranger") as url:
        code, why = place.pc("B").fails("charmarke", "sync", "--via", url)
    assert (code, "another network" in why) == ("other_network", True)
    with place.pc("B").shares("charmarke") as url:
        assert place.pc("X").fails("etranger", "sync", "--via", url)[0] == "other_network"
    assert place.records("charmarke") == before | {"Attend": ""}
    with place.pc("X").sits("etranger") as one:
        assert [each["name"]["fr"] for each in one.does("records", "organisation").values()] == ["D’un autre réseau"]


def test_an_impostor_who_says_our_network_and_serves_anothers_pages(place: Place) -> None:
    before = place.digest("charmarke")
    with lying(place.home / "X", place.home / "B") as url:
        code, why = place.pc("B").fails("charmarke", "sync", "--via", url)
        assert (code, len(why) > 20) == ("damaged", True)
    assert place.digest("charmarke") == before
    assert "D’un autre réseau" not in place.records("charmarke")


def test_one_who_alters_what_passes_is_noticed_wherever_it_is(place: Place) -> None:
    for number in range(6):
        place.adds("amina", f"Nouvelle {number}")
    before = place.records("charmarke")
    with place.pc("A").shares("amina") as url:
        port = urlsplit(url).port
        assert port is not None
        for at in (300, 700, 1500, 2600, 4000):
            with proxied(port, lambda _, at=at: Fault(alter=at)) as between:
                place.pc("B").tries("charmarke", "sync", "--via", local(between.url))
            assert {name for name in place.records("charmarke") if name not in before} <= {f"Nouvelle {number}" for number in range(6)}
        with proxied(port) as between:
            place.pc("B").dalil("charmarke", "sync", "--via", local(between.url))
    assert set(place.records("charmarke")) == {*before, *(f"Nouvelle {number}" for number in range(6))}


def test_a_login_page_where_a_neighbour_is_expected(place: Place) -> None:
    before = place.digest("charmarke")
    with captive_portal() as url:
        assert place.pc("B").fails("charmarke", "sync", "--via", local(url))[0] == "not_sharing"
        code, why = place.pc("B").fails("charmarke", "sync", "--via", url)
        assert (code, len(why) > 20) == ("not_a_dalil_server", True)
    assert place.digest("charmarke") == before


def test_clocks_ten_years_off_at_each_road(place: Place, tmp_path: Path) -> None:
    """Two PCs err in opposite directions; the order of saves, verdicts and certificates ask no clock."""
    early, late, right = place.pc("A", -DECADE), place.pc("B", DECADE), place.pc("C")
    for pc, name in ((early, "amina"), (late, "charmarke"), (right, "degmo")):
        pc.dalil(name, "add", "organisation", "--set", f"name.fr=Hors d’heure, {name}")
    with early.shares("amina") as url:
        assert late.dalil("charmarke", "sync", "--via", url)["set_aside"] == []
    stick = tmp_path / "stick"
    stick.mkdir()
    late.dalil("charmarke", "courier", "write", stick)
    assert right.dalil("degmo", "courier", "read", stick)["set_aside"] == []
    place.server.start()
    assert right.dalil("degmo", "sync")["accepted"] == 1
    assert late.dalil("charmarke", "sync")["set_aside"] == []
    place.server.stop()
    with late.shares("charmarke") as url:
        assert early.dalil("amina", "sync", "--via", url)["set_aside"] == []
    names = {f"Hors d’heure, {name}" for name in ("amina", "charmarke", "degmo")}
    for name, pc in (("amina", early), ("charmarke", late), ("degmo", right)):
        assert names <= set(place.records(name)), name
        assert pc.dalil(name, "status")["waiting"] == 0
    assert place.digest("amina")["public"] == place.digest("charmarke")["public"]


def test_a_vault_copied_to_another_pc_is_noticed_and_parted_by_stick_and_cable(place: Place, tmp_path: Path) -> None:
    """Both say that they are Amina; one's work comes by a stick, the other's from nearby, and the server hears both."""
    shutil.copytree(place.home / "A", place.home / "A2")
    first, second, carrier = place.pc("A"), place.pc("A2"), place.pc("C")
    for pc, words in ((first, "Au bureau"), (second, "À la maison")):
        for number in range(2):
            pc.dalil("amina", "add", "organisation", "--set", f"name.fr={words} {number}")
    stick = tmp_path / "stick"
    stick.mkdir()
    first.dalil("amina", "courier", "write", stick)
    carrier.dalil("degmo", "courier", "read", stick)
    with second.shares("amina") as url:
        carrier.dalil("degmo", "sync", "--via", url)
    place.server.start()
    with carrier.sits("degmo") as one:
        assert one.does("sync")["carried"] == 4  # each save is a parcel
    names = {f"{words} {number}" for words in ("Au bureau", "À la maison") for number in range(2)}
    assert names <= set(place.records("degmo"))
    for pc in (first, second, first):
        pc.dalil("amina", "sync")
    for pc, words in ((first, "Au bureau, après"), (second, "À la maison, après")):
        pc.dalil("amina", "add", "organisation", "--set", f"name.fr={words}")
        pc.dalil("amina", "sync")
    for pc in (first, second):
        pc.dalil("amina", "sync")
        with pc.sits("amina") as one:
            found = [each["name"]["fr"] for each in one.does("records", "organisation").values()]
            assert len(found) == len(set(found))
            assert names | {"Au bureau, après", "À la maison, après"} <= set(found)
            assert {each["state"] for each in one.does("outbox")} == {"accepted"}
            assert one.does("conflicts") == []
            assert one.does("verify") == []
    assert place.server.ask("verify") == {"ok": True, "problems": []}


def test_two_people_save_the_same_record_at_the_same_pc(place: Place) -> None:
    """Neither sees what the other's file holds: both values stand, and whoever looks chooses."""
    pc = place.pc("A")
    with pc.sits("amina") as amina:
        (id,) = [id for id, each in amina.does("records", "organisation").items() if each["name"]["fr"] == "De degmo"]
    for name, phone in (("amina", "+253 21 11 11 11"), ("bahdon", "+253 21 22 22 22")):
        with pc.sits(name) as one:
            one.does("edit", "organisation", id, {"phone": phone})
            assert one.does("records", "organisation")[id]["phone"] == phone
    place.server.start()
    assert pc.dalil("bahdon", "sync")["accepted"] == 1
    place.server.stop()
    for name in ("amina", "bahdon"):
        with pc.sits(name) as one:
            assert [(each["id"], each["field"], sorted(each["values"])) for each in one.does("conflicts")] == [
                (id, "phone", ["+253 21 11 11 11", "+253 21 22 22 22"])], name
            assert one.does("waiting") == 0


def test_an_older_stick_after_a_newer_one_takes_nothing_back(place: Place, tmp_path: Path) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.mkdir()
    pc, reader = place.pc("A"), place.pc("C")
    place.adds("amina", "Sur l’ancienne clé")
    pc.dalil("amina", "courier", "write", older)
    shutil.copytree(older, newer)
    place.server.start()
    pc.dalil("amina", "sync")
    place.adds("amina", "Sur la nouvelle clé")
    pc.dalil("amina", "sync")
    place.server.stop()
    pc.dalil("amina", "courier", "write", newer)
    assert reader.dalil("degmo", "courier", "read", newer)["set_aside"] == []
    after = place.digest("degmo"), place.records("degmo")
    assert {"Sur l’ancienne clé", "Sur la nouvelle clé"} <= set(after[1])
    found = reader.dalil("degmo", "courier", "read", older)
    assert (found["received"], found["set_aside"]) == (0, [])
    assert (place.digest("degmo"), place.records("degmo")) == after
    place.server.start()
    assert reader.dalil("degmo", "sync")["set_aside"] == []
    assert (place.digest("degmo"), place.records("degmo")) == after


@contextmanager
def lying(theirs: Path, ours: Path) -> Iterator[str]:
    """A computer that gives itself out for one of our network and gives what another one's holds."""
    with closing(opening.workspace(ours, "charmarke")) as mine, closing(opening.workspace(theirs, "etranger")) as other:
        says = Here("Salle", Holding(mine).have())
        items = list(Holding(other).give())
    assert items

    class Liar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(packed(says) if self.path == HAVE else b"")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(b"".join(framed(items, more=True)) if self.path == GIVE else b"")

        def _say(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", KIND)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests speak for themselves."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Liar) as running_:
        thread = threading.Thread(target=running_.serve_forever)
        thread.start()
        try:
            yield f"dalil://127.0.0.1:{running_.server_address[1]}"
        finally:
            running_.shutdown()
            thread.join()
