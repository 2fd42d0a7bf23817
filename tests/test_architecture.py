"""The house's rules as tests: who may import whom, how large a file may be, what a line may not hold, which links must lead somewhere."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.order import LONG

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("i18n", "sync", "resources", "server", "desktop")
LARGEST, LARGE = 350, 200  # lines

# Programs that talk to a person through standard output; everyone else answers values.
PRINTERS = ("desktop/terminal/", "desktop/selftest.py", "desktop/pictures.py", "desktop/journeys.py", "desktop/__main__.py", "desktop/kit/gallery.py", "desktop/shell/gallery.py",
            "server/cli.py", "server/commands.py", "server/__main__.py", "server/operator.py", "i18n/strings/__main__.py",
            "resources/starter/build_facts.py", "packaging/", "benchmarks/", "tests/")


def tracked(*endings: str) -> list[Path]:
    """The project's files as git knows them, deleted ones left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (not endings or name.endswith(endings)) and (ROOT / name).exists()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*rooms: str) -> list[Path]:
    return [path for path in tracked(".py") if name_of(path).startswith(tuple(f"{room}/" for room in rooms or (*ROOMS, "packaging", "benchmarks")))]


def imports_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_imports_keep_the_contracts():
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_contract_names_are_sentences():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        assert contract["name"][0].isupper(), contract["name"]
        assert len(contract["name"].split()) >= 4, contract["name"]


def test_no_file_is_too_large():
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    large = sorted((lines, name) for name, lines in sizes.items() if lines > LARGE)
    if large:
        warnings.warn(f"over {LARGE} lines: " + ", ".join(f"{name} ({lines})" for lines, name in large), stacklevel=1)
    assert [name for name, lines in sizes.items() if lines > LARGEST] == []


def test_no_room_for_odds_and_ends():
    nameless = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    assert [name_of(path) for path in modules() if nameless & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_every_module_says_which_room_it_is():
    silent = [name_of(path) for path in modules() if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None]
    assert silent == []


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
    found = [f"{name_of(path)}:{number}" for path in tracked(".py", ".md", ".toml", ".spec", "Makefile")
             for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if later.search(line)]
    assert found == []


def test_only_programs_print():
    found = []
    for path in modules():
        if name_of(path).startswith(PRINTERS):
            continue
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        found += [f"{name_of(path)}:{call.lineno}" for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert found == []


def test_one_door_to_threads():
    threads = {"threading", "concurrent.futures", "multiprocessing", "_thread", "asyncio", "PySide6.QtCore.QThread", "PySide6.QtCore.QThreadPool",
               "PySide6.QtCore.QRunnable", "PySide6.QtConcurrent"}
    # A lock starts no thread: it guards a library that cannot bear two.
    found = {name_of(path): [used for used in imports_in(path) if used != "threading.Lock" and (used in threads or used.rpartition(".")[0] in threads)] for path in modules("desktop")
             if name_of(path) != "desktop/kit/tasks.py" and not name_of(path).startswith("desktop/terminal/")}
    assert {name: used for name, used in found.items() if used} == {}


def test_one_door_to_the_window_for_files():
    """Qt writes down, for all programs of an account, which folders were visited: only the kit's door takes that away."""
    found = [name_of(path) for path in modules("desktop") if "PySide6.QtWidgets.QFileDialog" in imports_in(path)]
    assert found == ["desktop/kit/file_dialog.py"]


def test_the_desktop_runs_no_sql():
    statement = re.compile(r"^\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|VIEW|INDEX)|PRAGMA)\b", re.I | re.S)
    found = [f"{name_of(path)}:{node.lineno}" for path in modules("desktop") for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.match(node.value)]
    assert found == []


def test_style_sheets_are_alike_on_both_sides():
    """What stands on the left must stand on the right: Qt does not mirror style sheets."""
    sided = re.compile(r"(border|padding|margin)-(left|right)\s*:\s*([^;]+)")
    found = []
    for path in modules("desktop"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            sides = {side: [(what, value) for what, one, value in sided.findall(line) if one == side] for side in ("left", "right")}
            if sides["left"] != sides["right"]:
                found.append(f"{name_of(path)}:{number}")
    assert found == []


def test_the_bundle_carries_nothing_under_the_gpl():
    spec = importlib.util.spec_from_file_location("bundle_licences", ROOT / "packaging" / "licences.py")
    licences = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(licences)
    found = licences.distributions()
    assert {"msgspec", "urllib3", "PySide6_Essentials".lower()} <= {one.name.lower().replace("-", "_") for one in found}
    assert not {"fastapi", "uvicorn", "psycopg"} & {one.name.lower() for one in found}
    assert licences.refused(found) == []


class _Said:
    """A distribution that says this of its licence."""

    def __init__(self, name: str, words: str) -> None:
        self.name, self.version = name, "1"
        self.metadata = _Words({"License-Expression": words})


class _Words(dict):
    def get_all(self, _key: str) -> None:
        return None


@pytest.mark.parametrize(("name", "words", "fits"), [
    ("ours", "MIT", True), ("ebooks", "AGPL-3.0-or-later", False), ("charts", "GPL-3.0-only", False), ("text", "LGPL-2.1", False),
    ("shiboken6", "LGPL-3.0-only OR GPL-2.0-only", True), ("shiboken6", "GPL-3.0-only", False), ("silent", "", False),
    ("worded", "GNU General Public License v3 (GPLv3)", False), ("worded", "GPLv3", False),
])
def test_the_licence_check_can_refuse(name, words, fits):
    spec = importlib.util.spec_from_file_location("bundle_licences", ROOT / "packaging" / "licences.py")
    licences = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(licences)
    assert (licences.refused([_Said(name, words)]) == []) is fits


def test_the_files_that_run_first_are_there():
    names = [path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")]
    assert [long for long in LONG if not any(name.startswith(long) for name in names)] == []


def test_no_workplace_in_the_files():
    # Assembled from pieces, or this file would find itself.
    places = ["/wo" "rk/", "/ro" "ot/", "/ho" "me/", "/op" "t/", "pyp" "i.org", "pythonhos" "ted.org", "npm" "js.", "local" "host:80", "DALIL_SH" "ARED=/"]
    found = [f"{name_of(path)}: {place}" for path in tracked(".py", ".md", ".toml", ".spec", ".json", ".csv", "Makefile", ".ci/run", ".po")
             for place in places if place in path.read_text("utf-8")]
    assert found == []
