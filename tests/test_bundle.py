"""What the bundle takes and leaves, and what set-up says to someone who may not install system packages."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def program(name: str) -> ModuleType:
    """A program of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"dalil_packaging_{name}", ROOT / "packaging" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


contents, setup = program("contents"), program("setup")


@pytest.mark.parametrize(("name", "stays"), [
    ("babel/locale-data/fr_DJ.dat", True), ("babel/locale-data/root.dat", True), ("babel/locale-data/ar.dat", True), ("babel/locale-data/de.dat", False),
    ("babel/locale-data/frr.dat", False), ("babel/global.dat", True), ("qtawesome/fonts/phosphor-1.3.0.ttf", True),
    ("qtawesome/fonts/remixicon-2.5.0.ttf", False), ("PySide6/Qt/translations/qtbase_ar.qm", True), ("PySide6/Qt/translations/qtbase_de.qm", False),
    ("PySide6/Qt/plugins/platforms/libqxcb.so", True), ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
    ("PySide6/Qt/plugins/platforms/qwindows.dll", True), ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False), ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
    ("PySide6/Qt/plugins/sqldrivers/libqsqlpsql.so", False), ("i18n/locale/fr/LC_MESSAGES/dalil.mo", True),
])
def test_what_stays(name, stays):
    assert contents.keeps((name, f"somewhere/{name}", "DATA")) is stays


def test_a_library_comes_only_when_something_kept_asks_for_it():
    def entry(name: str) -> tuple[str, str, str]:
        return name, f"lib:{name}", "BINARY"

    asks = {
        "lib:PySide6/QtGui.abi3.so": ["libQt6Gui.so.6"], "lib:PySide6/Qt/lib/libQt6Gui.so.6": ["libfontconfig.so.1", "libc.so.6"],
        "lib:libgtk-3.so.0": ["libgdk-3.so.0"], "lib:libgdk-3.so.0": ["libgtk-3.so.0"],
    }
    found = [entry(name) for name in ("PySide6/QtGui.abi3.so", "PySide6/Qt/lib/libQt6Gui.so.6", "libfontconfig.so.1", "libgtk-3.so.0", "libgdk-3.so.0",
                                      "libpython3.11.so.1.0")]
    kept = {name for name, _, _ in contents.needed(found, lambda path: asks.get(path, []))}
    assert kept == {"PySide6/QtGui.abi3.so", "PySide6/Qt/lib/libQt6Gui.so.6", "libfontconfig.so.1", "libpython3.11.so.1.0"}


def test_links_lead_to_what_is_kept():
    links = [("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"), ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
             ("i18n/names.csv", "i18n/names.csv", "DATA")]
    kept = [("PySide6/Qt/lib/libQt6Gui.so.6", "x", "BINARY")]
    assert [name for name, _, _ in contents.without_dangling(links, kept)] == ["libQt6Gui.so.6", "i18n/names.csv"]


def test_our_data_is_taken():
    taken = {Path(path).relative_to(ROOT).as_posix() for path, _ in contents.data(ROOT)}
    assert {"i18n/locale/ar/LC_MESSAGES/dalil.mo", "i18n/names.csv", "resources/starter/guides.json", "resources/starter/guides/logframe.ar.md"} <= taken
    assert not any(name.endswith((".py", ".po")) for name in taken)


def test_the_server_stays_out():
    assert {"server", "fastapi", "uvicorn", "psycopg", "readline"} <= set(contents.EXCLUDED)


@pytest.mark.parametrize(("user", "line"), [(0, r"^  apt-get install"), (1000, r"^  sudo apt-get install")])
def test_someone_who_may_not_install_gets_the_line(user, line, monkeypatch, capsys):
    monkeypatch.setattr(setup.os, "geteuid", lambda: user)
    monkeypatch.setattr(setup.shutil, "which", lambda _name: None)
    assert setup.apt(["libegl1", "libxcb-cursor0"]) is False
    said = capsys.readouterr().err
    assert re.search(line + r" -y --no-install-recommends libegl1 libxcb-cursor0$", said, re.M)


def test_all_that_is_missing_is_asked_for_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr(setup.sys, "platform", "linux")
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "FONTS", tmp_path / "fonts")
    monkeypatch.setattr(setup, "SYSTEM_FONTS", tmp_path)
    monkeypatch.setattr(setup, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(setup.shutil, "which", lambda _name: None)
    assert setup.missing_packages() == [f"python3.{setup.sys.version_info.minor}-venv", "libegl1", "fonts-dejavu-core"]


def test_what_is_imported_by_its_name_is_taken():
    """PyInstaller reads import lines; `importlib.import_module("a.b")` it does not see, and the program would fail where it is installed."""
    named = set()
    for room in ("desktop", "sync", "resources", "i18n"):
        for path in (ROOT / room).rglob("*.py"):
            named |= set(re.findall(r'import_module\("([\w.]+)"\)', path.read_text("utf-8")))
    assert named
    assert {one for one in named if one.partition(".")[0] not in ("desktop", "sync", "resources", "i18n")} <= set(contents.BY_NAME)
