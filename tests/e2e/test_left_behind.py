"""What a vault holds is nowhere on the disk, whatever was done through the window and however it ended; and a guest leaves nothing at all."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop import sample
from desktop.terminal import opening
from sync.files import CHUNK
from tests.e2e import window
from tests.e2e.left_behind import hits
from tests.e2e.programs import ROOT

PHRASE = "Le boutre de mon oncle est vert"
IN_FILES = "Dossier médical de la serinette 3391"
PIXELS = random.Random(7).randbytes(48)  # in a row of the picture
WORDS = ("NAME", "PHONE", "ROLE", "NOTE", "DRAFT")


def sources(folder: Path) -> Path:
    """Files as somebody brings them on a stick: text, a PDF and a picture of several chunks each, with the words in them and in their names."""
    folder.mkdir()
    (folder / "serinette-3391.txt").write_text(f"{IN_FILES}\n" * (3 * CHUNK // len(IN_FILES)), "utf-8")
    (folder / "serinette-3391.pdf").write_bytes(pdf_of(IN_FILES, 3 * CHUNK))
    noise = random.Random(8)
    pixels = b"".join((PIXELS * 20)[:900] if y % 3 == 0 else noise.randbytes(900) for y in range(300))
    assert QImage(pixels, 300, 300, 900, QImage.Format.Format_RGB888).save(str(folder / "serinette-3391.png"))
    assert all(path.stat().st_size > 2 * CHUNK for path in folder.iterdir())
    return folder


def pdf_of(words: str, size: int) -> bytes:
    """A PDF of one page that says these words in clear, with an attachment's worth of them behind."""
    text = f"BT /F1 12 Tf 40 700 Td ({words.encode('latin-1').decode('latin-1')}) Tj ET".encode("latin-1")
    filling = (words.encode() + b"\n") * (size // len(words))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(text), text), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(filling), filling)]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


@dataclass
class Computer:
    """A computer with folders of its own for all that a program may write: nothing of the machine that runs the test."""

    root: Path
    keys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for folder in ("data", "home", "tmp", "cache", "config", "state", "share", "runtime", "crash"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "runtime").chmod(0o700)

    @property
    def data(self) -> Path:
        return self.root / "data"

    def surroundings(self) -> dict[str, str]:
        names = {"HOME": "home", "TMPDIR": "tmp", "SQLITE_TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config",
                 "XDG_STATE_HOME": "state", "XDG_DATA_HOME": "share", "XDG_RUNTIME_DIR": "runtime"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DALIL_", "XDG_", "PYTEST"))}
        return {**kept, **{name: str(self.root / folder) for name, folder in names.items()}, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
                "QT_QPA_PLATFORM": "offscreen", "DALIL_LANGUAGE": "fr", "PYTHONUNBUFFERED": "1"}

    @contextmanager
    def at_work(self, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
        """The window in a process of its own; what it says on standard error goes into a log, as on a real desktop."""
        with (self.root / "crash" / "session.log").open("a") as log:
            process = subprocess.Popen([sys.executable, "-m", "tests.e2e.window", *map(str, words)], env=self.surroundings(), cwd=self.root / "crash",
                                       stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=_let_it_dump)
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said, *rest = line.split()
                if said == "keys":
                    self.keys = rest
                if said == "ready":
                    break
            else:
                pytest.fail(f"it ended: {(self.root / 'crash' / 'session.log').read_text()}")
            yield process
        finally:
            process.kill()
            process.wait(60)
            assert process.stdout is not None
            process.stdout.close()

    def holding(self) -> list[str]:
        """Where something that only Amina may read stands on this computer."""
        secret = [getattr(window, name) for name in WORDS] + [window.PHONE.replace(" ", ""), "serinette", "oukoubiya", IN_FILES, PIXELS, PHRASE]
        return hits([self.root], [*secret, *self.keys, *map(bytes.fromhex, self.keys)])


def _let_it_dump() -> None:
    """As on a computer that keeps what is left of crashed programs: the program itself must forbid it."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    made = Computer(tmp_path / "computer")
    opening.people(made.data).add("Amina", PHRASE)
    opening.people(made.data).add("Hassan", "une grande tortue verte chante")
    return made


@pytest.mark.parametrize(("stage", "end"), [("locked", signal.SIGKILL), ("working", signal.SIGKILL), ("working", signal.SIGABRT)])
def test_nothing_of_a_vault_is_on_the_disk(computer: Computer, tmp_path: Path, stage: str, end: signal.Signals) -> None:
    with computer.at_work(computer.data, stage, PHRASE, sources(tmp_path / "stick")) as process:
        assert len(computer.keys) == 4
        assert (computer.data / "people" / "Amina.db-wal").stat().st_size > 0
        assert computer.holding() == [], "while it runs"
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core")) == "0", limits
        process.send_signal(end)
        process.wait(60)
    assert computer.holding() == []
    assert [path.name for path in (computer.root / "crash").iterdir()] == ["session.log"], "no picture of the memory"
    ws = opening.workspace(computer.data, "Amina", PHRASE)
    contact, = ws.records("contact")
    assert (contact["name"], contact["phone"]) == (window.NAME, window.PHONE)
    assert window.DRAFT in str(ws.draft("contact", contact.id))
    assert sorted(one["file"]["name"] for one in ws.records("note")) == ["serinette-3391.pdf", "serinette-3391.png", "serinette-3391.txt"]
    assert ws.verify() == []
    ws.close()


@dataclass(frozen=True)
class Seen:
    """What a folder holds, byte for byte."""

    files: dict[str, str]

    @staticmethod
    def of(root: Path) -> Seen:
        # SQLite's own beside an open file come and go; what they would hold is looked at apart
        files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
        return Seen({str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_guest_leaves_every_file_as_it_was(tmp_path: Path, end: signal.Signals) -> None:
    public = sample.make(tmp_path / "network")
    public.workspace.close()
    computer = Computer(tmp_path / "computer")
    computer.data.rmdir()
    (tmp_path / "network" / "amina").rename(computer.data)
    shutil.rmtree(computer.data / "people")
    opening.people(computer.data).add("Amina", PHRASE)
    opening.workspace(computer.data, "Amina", PHRASE).close()
    guest = opening.guest(computer.data)
    assert guest.get("organisation", public.organisation)
    guest.close()
    with computer.at_work(computer.data, "start") as process:  # Qt's own first start: fonts and the like
        process.terminate()
        assert process.wait(60) == 0
    before = Seen.of(computer.root)
    with computer.at_work(computer.data, "visit", public.organisation, public.item) as process:
        assert Seen.of(computer.root) == before, "while it goes on"
        process.send_signal(end)
        process.wait(60)
    assert Seen.of(computer.root) == before
    assert [path for path in computer.root.rglob("*-wal") if path.stat().st_size] == [], "nothing is about to be written either"
    assert hits([computer.root], [window.SOUGHT]) == []


def test_the_search_finds_what_it_must(tmp_path: Path) -> None:
    """A search that finds nothing proves nothing: each form is planted and found."""
    import base64
    import sqlite3

    import zstandard

    word, key = "Zénobie Canarie", bytes(range(200, 232))
    planted: dict[str, bytes] = {
        "plain": f"avant {word} après".encode(), "small": word.lower().encode(), "wide": b"x" + word.encode("utf-16-le"), "hex": word.encode().hex().encode(),
        "HEX": key.hex().upper().encode(), "key": b"12" + key + b"34", "zlib": b"ab" + zlib.compress(f"{word} {word}".encode()),
        "zstd": b"ab" + zstandard.compress(b"0" * 99 + word.encode()), **{
            f"base64 {lead}": base64.b64encode(b"?" * lead + word.encode() + b"??") for lead in range(3)}}
    for name, data in planted.items():
        folder = tmp_path / name.replace(" ", "")
        folder.mkdir()
        assert hits([folder], [word, key]) == []
        (folder / "file").write_bytes(b"head " + data + b" tail")
        assert hits([folder], [word, key]), name
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / f"{word}.txt").touch()
    assert len(hits([tmp_path / "named"], [word, key])) == 1
    database = sqlite3.connect(tmp_path / "named" / "some.db")
    database.execute("CREATE TABLE t (x)")
    database.execute("INSERT INTO t VALUES (?)", (zstandard.compress(random.Random(1).randbytes(9000) + word.encode()),))
    database.commit()
    database.close()
    assert any("table t, packed" in one for one in hits([tmp_path / "named"], [word, key]))
