"""Directory records of about 1 KB in the 21 fields of the comparison, the same each time; knows no engine.

`PEER_BENCH` names the folder of the comparison: then its own generator makes them, byte for byte.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LETTERS = {"fr": ("bcdfglmnprstv", "aeiouéè"), "en": ("bcdfghklmnprstw", "aeiou"), "ar": ("بتثجحخدرزسشصطعفقكلمنه", "اوي")}
_TYPES = "association ngo public-service cooperative school clinic".split()
_REGIONS = "Nord Sud Est Ouest Centre Littoral Delta Oasis Plaine Atlas Sahel".split()
_SECTORS = "health education water food shelter women youth culture environment agriculture research sport".split()
_ROLES = "director coordinator accountant volunteer secretary".split()
_STATUS = "active active active dormant closed to-verify".split()


def workload(folder: Path, count: int) -> tuple[Path, Path]:
    """Files of `count` records and of 100 edits of one field, one JSON object a line."""
    records, edits = folder / f"records{count}.jsonl", folder / f"edits{count}.jsonl"
    if comparison := os.environ.get("PEER_BENCH"):
        make = [sys.executable, "-X", "utf8", str(Path(comparison) / "gen.py"), str(count)]
        for path, more in ((records, []), (edits, ["--edits", "100"])):
            with path.open("wb") as out:
                subprocess.run([*make, *more], stdout=out, check=True)
        return records, edits
    made = list(_records(count))
    _write(records, made)
    _write(edits, _edits([one["id"] for one in made]))
    return records, edits


def _write(path: Path, rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def _edits(ids: list[str]) -> Iterator[dict[str, Any]]:
    dice = random.Random(3)
    for id in dice.sample(ids, min(100, len(ids))):
        yield {"id": id, "field": "phone", "value": _phone(dice)}


def _phone(dice: random.Random) -> str:
    return f"+253 {dice.randrange(10, 99)} {dice.randrange(10**6):06d}"


class _Language:
    """Pseudo-words, the frequent ones as frequent as in real text (the law of Zipf), so that they compress like it."""

    def __init__(self, name: str) -> None:
        dice = random.Random(name)
        hard, soft = _LETTERS[name]
        words = ("".join(dice.choice(hard) + dice.choice(soft) for _ in range(dice.randrange(1, 5))) for _ in itertools.count())
        self.words = list(dict.fromkeys(itertools.islice(words, 6000)))[:3000]
        self.weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def text(self, dice: random.Random, low: int, high: int) -> str:
        """A text of `low` to `high` characters."""
        words = dice.choices(self.words, cum_weights=self.weights, k=high // 3)
        return " ".join(words)[: dice.randrange(low, high + 1)].strip().capitalize()


def _records(count: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(2)
    speak = {name: _Language(name) for name in _LETTERS}
    french = speak["fr"]

    def day(first: int, last: int) -> str:
        return f"{dice.randint(first, last)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"

    for _ in range(count):
        name = french.text(dice, 18, 40)
        site = "".join(letter for letter in name.lower() if "a" <= letter <= "z")[:14] + str(dice.randrange(1000))
        yield {
            "id": f"{dice.getrandbits(128):032x}", "kind": dice.choice(_TYPES), "name_fr": name, "name_ar": speak["ar"].text(dice, 14, 32),
            "name_en": speak["en"].text(dice, 18, 40), "acronym": "".join(dice.choices("ABCDEFGHILMNOPRSTUV", k=4)),
            "description": dice.choices([*speak.values()], (45, 20, 35))[0].text(dice, 240, 360), "region": dice.choice(_REGIONS),
            "city": french.text(dice, 5, 12), "address": f"{dice.randint(1, 250)}, rue {french.text(dice, 8, 20)}", "phone": _phone(dice),
            "email": f"contact@{site}.example", "website": f"https://www.{site}.example/",
            "contacts": [{"name": french.text(dice, 8, 16), "role": dice.choice(_ROLES), "phone": _phone(dice)} for _ in range(dice.randint(1, 2))],
            "sectors": dice.sample(_SECTORS, dice.randint(1, 4)), "languages": dice.sample(["fr", "ar", "en", "ber", "es"], dice.randint(1, 3)),
            "founded": day(1960, 2024), "verified_on": day(2022, 2026),
            "geo": {"lat": round(dice.uniform(10, 13), 5), "lon": round(dice.uniform(41, 44), 5)}, "status": dice.choice(_STATUS),
            "updated_at": f"{day(2024, 2026)}T{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}Z",
        }
