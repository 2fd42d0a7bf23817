"""A small real network for tests: an authority on a real database, workspaces in folders, roads that break on demand."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from i18n import Text
from sync import fields as shapes
from sync import ledger
from sync.actor import Actor
from sync.authority import Authority
from sync.digests import settled
from sync.errors import Failure, Offline
from sync.exchange import Report, answering, asking
from sync.exchange.asking import sync as exchange_with
from sync.files import Files
from sync.identity import SigningKey
from sync.record import Field, Kind, Kinds, text, texts, uuid7
from sync.relay.direct import Direct
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, PUBLIC, family, owner
from sync.store import SqliteStore, Store
from sync.verify import problems_of
from sync.workspace import Workspace

YEAR = 365 * 24 * 3600 * 1000  # milliseconds
START = 1_770_000_000_000  # milliseconds since 1970: a day in 2026
_COLOURS = {name: Text("Colour") for name in ("red", "green", "blue")}

HOUSE = Kind(
    "house", Text("House"), Text("Houses"), (PUBLIC,), title="name",
    search=lambda record: (" ".join((record["name"] or {}).values()), record["phone"] or ""),
    fields=(
        texts("name", Text("Name"), required=True),
        text("phone", Text("Phone")),
        text("street", Text("Street")),
        Field("colour", shapes.Code(lambda: _COLOURS), Text("Colour")),
        Field("tags", shapes.Codes(lambda: _COLOURS), Text("Tags")),
        Field("facts", shapes.Entries(shapes.Line()), Text("Facts")),
        Field("opened", shapes.Line(), Text("Opened"), merge="latest"),
        Field("photo", shapes.file(), Text("Photo")),
    ),
)
DOOR = Kind(  # lives among members; its deletion is final
    "door", Text("Door"), Text("Doors"), (NETWORK, PUBLIC), title="name", final=True,
    fields=(text("name", Text("Name"), required=True), text("phone", Text("Phone"))),
)
TREE = Kind("tree", Text("Tree"), Text("Trees"), (NETWORK,), title="name",
            fields=(texts("name", Text("Name"), required=True), text("phone", Text("Phone")), text("street", Text("Street"))))
KINDS = Kinds((HOUSE, DOOR, TREE))

May = Callable[[Actor, str, str, Mapping[str, Any] | None, str], Text | None]


def everyone(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
    """Everything is allowed."""
    return None


class Road(Direct):
    """A carrier that breaks as told: each exchange takes the next of `faults`.

    `before`: cut before the server saw the request. `after`: the answer is
    lost. `double`: the request arrives twice. A function alters the answer.
    """

    def __init__(self, authority: Authority, folder: Files) -> None:
        super().__init__(authority, folder)
        self.faults: list[str | Callable[[bytes], bytes]] = []
        self.requests: list[bytes] = []

    def exchange(self, body: bytes) -> bytes:
        fault = self.faults.pop(0) if self.faults else ""
        self.requests.append(body)
        if fault == "before":
            raise Offline(Text("cut"))
        if fault == "double":
            super().exchange(body)
        found = super().exchange(body)
        if fault == "after":
            raise Offline(Text("cut"))
        return fault(found) if callable(fault) else found


class Device:
    """One person on one PC: a real workspace, a road, and a clock that may be wrong."""

    def __init__(self, network: Network, name: str, folder: Path, skew: int, kinds: Kinds, *, guest: bool = False, file: str = "me") -> None:
        self.network = network
        self.name = name
        self.folder = folder
        self.kinds = kinds
        self.guest = guest
        self.file = file
        self.skew = skew
        self._last = 0
        self.road = Road(network.authority, network.files)
        self.ws = self.open()

    def open(self) -> Workspace:
        found = Workspace(self.folder, self.kinds, self.file, guest=self.guest, key=self.network.vault_key, clock=self.clock,
                          random=self.network.random.randbytes)
        for store in (found.store, found.private, found.public):
            _hurry(store)
        return found

    def reopen(self) -> None:
        """Close the program and start it again."""
        self.ws.close()
        self.ws = self.open()

    def clock(self) -> int:
        """Milliseconds; no two answers are alike, so that a test can tell changes apart by their time."""
        self._last = max(self._last + 1, self.network.now() + self.skew)
        return self._last

    def sync(self, *faults: str | Callable[[bytes], bytes], stop: Callable[[], bool] | None = None) -> Report:
        """Sync over a road with these faults; they raise what a person would meet."""
        self.road.faults = list(faults)
        try:
            return exchange_with(self.ws, self.road, stop=stop)
        finally:
            self.road.faults = []

    def tries(self, *faults: str | Callable[[bytes], bytes], stop: Callable[[], bool] | None = None) -> Failure | None:
        """Sync, and answer the failure instead of raising it."""
        try:
            self.sync(*faults, stop=stop)
        except Failure as failure:
            return failure
        return None


def owners(actor: Actor, scope: str) -> bool:
    """Members read what is the network's, moderators what is theirs, an organisation and a person their own."""
    name, whose = family(scope), owner(scope)
    return (name == NETWORK or (name == MODERATOR and actor.role == "moderator")
            or (name == ORG and whose in actor.organisations) or (name == PERSON and whose == actor.person))


class Network:
    """An authority and its devices. Everything random comes from one seed; time goes on by a second a look.

    With a `vault_key` people's files are vaults, all of that key.
    """

    vault_key: bytes | None = None

    def __init__(self, folder: Path, seed: int = 0, *, store: Store | None = None, may: May = everyone, kinds: Kinds = KINDS) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.random = random.Random(seed)
        self.kinds = kinds
        self.time = START
        self.store = store or SqliteStore(folder / "server.db")
        _hurry(self.store)
        self.files = Files(folder / "server-files")
        self.key = SigningKey(self.random.randbytes(32))
        self.authority = Authority(self.store, kinds, self.key, may, self.now, self.random.randbytes, reads=owners)
        self.authority.begin()
        self.devices: list[Device] = []

    def __enter__(self) -> Network:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for device in self.devices:
            device.ws.close()
        self.store.close()

    def now(self) -> int:
        self.time += 1000
        return self.time

    def device(self, name: str, *, skew: int = 0, kinds: Kinds | None = None, role: str = "member", person: str = "", organisation: str = "", beside: Device | None = None) -> Device:
        """A new device whose person has joined; of somebody who has another one already, if `person` is given.

        `beside` is a device whose PC they use too, with a file of their own.
        """
        found = Device(self, name, beside.folder if beside else self.folder / name, skew, kinds or self.kinds, file=name if beside else "me")
        made, device = uuid7(self.now(), self.random.randbytes), uuid7(self.now(), self.random.randbytes)
        person = person or made
        self.authority.certify(found.ws.vault.key().public, person, device, role, organisation.split())
        with found.ws.store.transaction():
            for setting, value in {"authority": self.key.public, "server": "direct", "role": role, "person": person, "organisation": organisation,
                                   "device": device, "name": name}.items():
                found.ws.vault.keep(setting, value)
        self.devices.append(found)
        return found

    def guest(self, name: str, folder: Path | None = None) -> Device:
        """A guest on a PC whose public file knows the server."""
        found = Device(self, name, folder or self.folder / name, 0, self.kinds, guest=True)
        with found.ws.store.transaction():
            found.ws.vault.keep("authority", self.key.public)
        self.devices.append(found)
        return found

    def copy(self, device: Device, name: str) -> Device:
        """A device whose folder is a copy of another's: one identity on two disks."""
        device.ws.close()
        shutil.copytree(device.folder, self.folder / name)
        device.ws = device.open()
        found = Device(self, name, self.folder / name, device.skew, device.kinds)
        self.devices.append(found)
        return found

    def two(self) -> tuple[Device, Device]:
        """The usual two: ana and bilal, both joined and in step."""
        ana, bilal = self.device("ana"), self.device("bilal")
        self.heal()
        return ana, bilal

    def heal(self) -> None:
        """Everyone syncs until nobody has anything to hand in or to take."""
        for _ in range(2):
            for device in self.devices:
                device.sync()

    def digest(self) -> dict[str, str]:
        """What the server says its confirmed records are."""
        return {scope: found.hex() for scope in ledger.heads(self.store) if (found := settled(self.store, self.authority.kinds, scope)) is not None}

    def verdicts(self) -> dict[str, tuple[int, int]]:
        """(number, verdict) by dot as hexadecimal text."""
        rows = self.store.rows("SELECT log, n, mark, number, verdict FROM entry")
        return {(bytes(log) + n.to_bytes(4, "big") + bytes(mark)).hex(): (number, verdict) for log, n, mark, number, verdict in rows}

    def in_step(self) -> None:
        """Assert that every device holds what the server holds, and that nobody finds a fault in it."""
        problems = [str(one) for one in problems_of(self.store, self.kinds, tuple(ledger.heads(self.store)), self.key.public, self.store)]
        assert problems == [], problems
        for device in self.devices:
            wanted = self.digest()
            found = device.ws.digest()
            assert found == {scope: wanted[scope] for scope in found}, device.name
            problems = [str(one) for one in device.ws.verify()]
            assert problems == [], (device.name, problems)


def _hurry(store: Store) -> None:
    """Do not wait for the disk: these tests pull no plug, `tests/e2e/test_kills.py` does."""
    if isinstance(store, SqliteStore):
        for _, name, _ in store.rows("PRAGMA database_list"):
            store.execute(f"PRAGMA {name}.synchronous = OFF")


@contextmanager
def small_pages(page: int = 700, answer: int = 2500, push: int = 900) -> Iterator[None]:
    """Pages, answers and requests of a few entries, so that cuts between them are met in small histories."""
    sizes = {(answering, "PAGE"): page, (answering, "ANSWER"): answer, (answering, "SMALLEST"): page,
             (asking, "ANSWER"): answer, (asking, "SMALLEST"): page, (asking, "PUSH"): push}
    kept = {place: getattr(*place) for place in sizes}
    try:
        for place, size in sizes.items():
            setattr(*place, size)
        yield
    finally:
        for place, size in kept.items():
            setattr(*place, size)
