"""The network that the kept old folders hold: made once by each version's own program, opened by all later ones.

`python -m tests.sync.old_folder FILE.zip` writes the folder of the program
that runs it. Kept so far, beside this module: `folders/version-1.zip`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from i18n import Text
from sync import codec
from sync.store import SqliteStore, Store
from tests.sync.network import Device, Network

FOLDERS = Path(__file__).with_name("folders")
SEED = 4


def make(folder: Path) -> None:
    """A network with everything that a migration must not lose: verdicts, refusals, a conflict, what waits on both sides."""
    with Network(folder, SEED) as net:
        ana, bilal = net.two()
        house = ana.ws.add("house", {"name": {"fr": "Maison", "ar": "بيت"}, "phone": "1", "tags": ["red"], "facts": {"a": "x"}}).id
        tree = ana.ws.add("tree", {"name": {"fr": "Acacia"}, "phone": "2"}).id
        net.heal()
        ana.ws.edit("house", house, {"street": "Rue 1"})
        bilal.ws.edit("house", house, {"street": "Rue 2"})
        bilal.ws.edit("tree", tree, {"phone": "3"})
        net.authority.may = lambda actor, operation, kind, values, scope: Text("Not today.") if kind == "door" else None
        bilal.ws.add("door", {"name": "Refused"})
        (folder / "picture").write_bytes(b"a picture")
        kept = ana.ws.files.take(folder / "picture")
        ana.ws.edit("house", house, {"photo": kept})
        ana.ws.offer(kept["sha256"], kept["size"])
        net.heal()
        lone = ana.ws.add("house", {"name": {"fr": "Later"}}).id
        ana.ws.edit("house", lone, {"phone": "4"})
        created, edited = ana.ws.vault.waiting()
        with ana.ws.store.transaction():
            ana.ws.vault.mark_tried([created, edited])
        net.authority.commit(codec.squeeze(codec.pack(ana.ws.vault._batch([edited]))))  # it waits at the server for its creation
        bilal.ws.edit("house", house, {"phone": "unsent"})
        bilal.ws.add("tree", {"name": {"fr": "Unsent"}})
        bilal.ws.keep_draft("house", house, {"phone": "typing"})


def opened(version: int, folder: Path) -> Path:
    """The kept folder of a version, unpacked."""
    with zipfile.ZipFile(FOLDERS / f"version-{version}.zip") as kept:
        kept.extractall(folder)
    return folder


def network_in(folder: Path, store: Store | None = None) -> Network:
    """The network of an unpacked folder, its people at their PCs again; today's program brings up what it opens."""
    net = Network(folder, SEED, store=store)
    net.random.seed(f"{SEED} again")  # or it would draw the ids of then
    net.time += 10**8
    net.devices += [Device(net, name, folder / name, 0, net.kinds) for name in ("ana", "bilal")]
    return net


def copied_into(store: Store, old: Path) -> None:
    """The tables of an old server's file, made in another database as that version made them, and their rows."""
    kept = SqliteStore(old)
    with store.transaction():
        for name, sql in kept.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC"):  # tables, then indexes
            store.execute(store.dialect(sql))
            if sql.startswith("CREATE TABLE"):
                rows = kept.rows(f"SELECT * FROM {name}")
                if rows:
                    store.many(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    kept.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make(Path(place) / "old")
        shutil.make_archive(sys.argv[1].removesuffix(".zip"), "zip", Path(place) / "old")
