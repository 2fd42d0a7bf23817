"""The wheel carries what the program reads at run time: catalogues, facts, guides."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    # Without isolation the build backend of this environment serves, and nothing is fetched.
    built = subprocess.run([str(Path(sys.executable).parent / "uv"), "build", "--wheel", "--no-build-isolation", "--offline", "--out-dir", str(out), str(ROOT)],
                           capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return set(zipfile.ZipFile(next(out.glob("*.whl"))).namelist())


def test_every_data_file_is_in_the_wheel(names):
    wanted = {path.relative_to(ROOT).as_posix() for room in ("i18n", "resources") for path in (ROOT / room).rglob("*")
              if path.suffix in (".mo", ".csv", ".json", ".md")}
    assert {"i18n/locale/fr/LC_MESSAGES/dalil.mo", "i18n/glossary.csv", "resources/starter/guides.json"} <= wanted
    assert wanted - names == set()


def test_every_module_is_in_the_wheel(names):
    wanted = {path.relative_to(ROOT).as_posix() for room in ("i18n", "sync", "resources", "server", "desktop") for path in (ROOT / room).rglob("*.py")}
    assert wanted - names == set()


def test_nothing_else_is_in_the_wheel(names):
    assert {name.split("/")[0] for name in names} <= {"i18n", "sync", "resources", "server", "desktop", f"dalil-{VERSION}.dist-info"}
