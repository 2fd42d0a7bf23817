"""A script that shares no code with the project recomputes the digest from an export."""

from __future__ import annotations

import re
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

from tests.sync.network import Network

DOCS = Path(__file__).parents[2] / "docs" / "sync.md"


def script() -> str:
    """The script that docs/sync.md gives to anyone."""
    found = re.findall(r"```python\n(import hashlib.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return found[0]


def recomputed(file: Path) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-I", "-c", script(), str(file)], capture_output=True, text=True, check=True, cwd="/")
    return literal_eval(done.stdout)


def test_anyone_can_recompute_the_digest(network: Network, tmp_path: Path) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "École « d’été »", "ar": "مدرسة\u200f"[:5]}, "phone": "1", "tags": ["red"], "facts": {"a": 'x\u2028"\\/'}}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    bilal.ws.edit("house", id, {"phone": "3", "street": None})
    bilal.ws.delete("house", bilal.ws.add("house", {"name": {"fr": "gone"}}).id)
    ana.ws.delete("house", id)
    ana.ws.add("tree", {"name": {"fr": "Acacia"}})
    network.heal()
    lines = list(ana.ws.export_lines())
    assert lines == sorted(lines)
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    assert recomputed(file) == ana.ws.digest() == bilal.ws.digest() == network.digest()
    assert any(b'"deleted"' in line for line in lines)
    for old, new in ((b'"3"', b'"4"'), (b"Acacia", b"acacia"), (b'"deleted"', b'"Deleted"')):
        file.write_bytes(b"".join(line.replace(old, new) + b"\n" for line in lines))
        assert recomputed(file) != ana.ws.digest(), old
    file.write_bytes(b"".join(line + b"\n" for line in lines[1:]))
    assert recomputed(file) != ana.ws.digest()


def test_one_changed_value_changes_the_digest(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    before = ana.ws.digest()
    ana.ws.edit("house", id, {"phone": "2"})
    assert ana.ws.digest() == before  # what waits is not confirmed
    network.heal()
    after = ana.ws.digest()
    assert after["public"] != before["public"]
    assert after["network"] == before["network"]
    ana.ws.edit("house", id, {"phone": "1"})
    network.heal()
    assert ana.ws.digest()["public"] not in (before["public"], after["public"])  # the same words by another change
    assert bilal.ws.digest() == ana.ws.digest()
