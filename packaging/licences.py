"""Whose work the desktop's bundle carries and under which licence; knows nothing of how it is built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_NAME = re.compile(r"[\w.-]+")
_LICENCE_FILE = re.compile(r"(LICEN[SC]E|COPYING|NOTICE|AUTHORS)[^/]*\Z|licenses/.*\.txt\Z", re.IGNORECASE)
_COPYLEFT = re.compile(r"\bA?GPL\b|\bA?GPL[-v ]?\d|General Public", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
LESSER = ("pyside6-essentials", "shiboken6", "zeroconf")  # under the LGPL: they lie as files of their own, which anyone can replace
SAID_ELSEWHERE = {"sqlcipher3": "Zlib AND BSD-3-Clause"}  # packages whose metadata name no licence, and what their licence file says
COMMON = Path("/usr/share/common-licenses")  # where Debian keeps the texts that many packages share

QT_NOTE = """\
Qt and PySide6 are used under the GNU Lesser General Public License, version 3.
They lie as shared libraries in _internal/PySide6 and _internal/shiboken6: you may
replace them by your own builds of the same version. Their source code is published
by the Qt Project, https://download.qt.io/official_releases/QtForPython/. The same
holds of python-zeroconf (LGPL 2.1 or later) in _internal/zeroconf, whose source code
is at https://github.com/python-zeroconf/python-zeroconf.

Qt et PySide6 sont employés sous la licence publique générale limitée GNU (LGPL),
version 3. Ce sont des bibliothèques partagées, dans _internal/PySide6 et
_internal/shiboken6 : vous pouvez les remplacer par les vôtres. Leur code source est
publié par le projet Qt, à l’adresse ci-dessus. Il en va de même de python-zeroconf
(LGPL 2.1 ou ultérieure), dans _internal/zeroconf.
"""


def distributions(name: str = "dalil", extra: str = "desktop") -> list[Distribution]:
    """The distributions that `name[extra]` needs on this system, sorted by name; PackageNotFoundError without `name`."""
    found: dict[str, Distribution] = {}

    def walk(one: Distribution, extras: tuple[str, ...]) -> None:
        for needed in _needs(one, extras):
            key = re.sub(r"[-_.]+", "-", needed).lower()
            if key not in found:
                try:
                    found[key] = distribution(needed)
                except PackageNotFoundError:  # wanted only on another system or by an older Python
                    continue
                walk(found[key], ())

    walk(distribution(name), (extra,))
    return [found[key] for key in sorted(found)]


def _needs(one: Distribution, extras: tuple[str, ...]) -> Iterator[str]:
    for line in one.requires or ():
        required, _, marker = line.partition(";")
        asked = re.search(r"extra\s*==\s*[\"']([\w-]+)[\"']", marker)
        if asked is None or asked.group(1) in extras:
            yield _NAME.match(required.strip()).group(0)


def licence(one: Distribution) -> str:
    """What a distribution says of its licence, in its own words."""
    said = one.metadata
    classified = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    words = said.get("License-Expression") or (said.get("License") or "").split("\n")[0] or ", ".join(classified)
    return words or SAID_ELSEWHERE.get(one.name.lower(), "")


def refused(found: Iterable[Distribution]) -> list[str]:
    """The distributions that the bundle may not carry: GPL or AGPL, or LGPL where nobody can replace it, or no licence at all."""
    wrong = []
    for one in found:
        words = licence(one)
        if one.name.lower().replace("_", "-") in LESSER:
            allowed = bool(_LESSER.search(words))
        else:
            allowed = bool(words) and not _COPYLEFT.search(words) and not _LESSER.search(words)
        if not allowed:
            wrong.append(f"{one.name} {one.version}: {words or 'no licence'}")
    return wrong


def collect(into: Path, libraries: Iterable[Path], root: Path) -> None:
    """Write to `into` our licence, those of the distributions, of Qt, of Python, of the fonts and of the system's `libraries`."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    shutil.copy(root / "LICENSE", into / "dalil.txt")
    lines = []
    for one in distributions():
        lines.append(f"{one.name} {one.version}: {licence(one)}")
        for file in one.files or ():
            source = Path(str(one.locate_file(file)))
            if _LICENCE_FILE.search(str(file)) and source.suffix not in (".py", ".pyc") and source.is_file():
                target = into / one.name / str(file).rpartition("licenses/")[2].replace("/", "_")
                target.parent.mkdir(exist_ok=True)
                shutil.copy(source, target)
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"  # Debian's Python has its own among the system's
    if python.exists():
        shutil.copy(python, into / "Python.txt")
    (into / "Qt.txt").write_text(QT_NOTE, "utf-8")
    for name in ("LGPL-3", "GPL-3"):  # the LGPL adds to the text of the GPL
        if (COMMON / name).exists():
            shutil.copy(COMMON / name, into / f"Qt-{name}.txt")
    for font in sorted((root / "third_party" / "fonts").glob("LICENSE*")):
        shutil.copy(font, into / "IBM-Plex-Sans-Arabic.txt")
    lines += [f"{package} (Debian)" for package in _debian(into / "system", libraries)]
    (into / "index.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _debian(into: Path, libraries: Iterable[Path]) -> list[str]:
    """Copy the copyright files of the Debian packages that these libraries come from; elsewhere nothing."""
    if shutil.which("dpkg") is None:
        return []
    into.mkdir()
    packages = set()
    for library in libraries:
        # dpkg knows files by the path they were packed under, before /lib became a link to /usr/lib
        names = {str(library), str(library.resolve()), str(library.resolve()).removeprefix("/usr")}
        for name in sorted(names):
            answer = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
            if answer.returncode == 0:
                packages.add(answer.stdout.split(":")[0])
    for package in sorted(packages):
        notice = Path("/usr/share/doc") / package / "copyright"
        if notice.exists():
            shutil.copy(notice, into / f"{package}.txt")
    return sorted(packages)
