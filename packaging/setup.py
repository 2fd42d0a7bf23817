"""Set up this checkout on a fresh Debian or Ubuntu: environment, packages, Qt's system libraries, fonts; knows no record."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FONTS = ROOT / "third_party" / "fonts"
FONT_PACKAGE = "@expo-google-fonts/ibm-plex-sans-arabic@0.4.2"
WANTED_FONTS = {"IBMPlexSansArabic_400Regular.ttf", "IBMPlexSansArabic_600SemiBold.ttf"}

# What Qt's widgets load at run time that a bare system lacks: library -> Debian package.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def main() -> int:
    """Set up what is missing; 0 when everything stands, else a sentence says what to run."""
    if not make_environment():
        return 1
    if sync_packages() != 0:
        return 1
    if not system_libraries():
        return 1
    fonts()
    return 0


def make_environment() -> bool:
    """A virtual environment with uv in it."""
    if not (VENV / "bin" / "python").exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            if not apt([f"python3.{sys.version_info.minor}-venv"]):
                return False
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    if not (VENV / "bin" / "uv").exists():
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"]
        if not (VENV / "bin" / "pip").exists():
            subprocess.run([str(VENV / "bin" / "python"), "-m", "ensurepip", "--default-pip"], capture_output=True, check=False)
        if subprocess.run(pip, check=False).returncode != 0:
            print("The packages could not be fetched: is there a network?", file=sys.stderr)
            return False
    return True


def sync_packages() -> int:
    """The exact versions of uv.lock."""
    environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(VENV), "VIRTUAL_ENV": str(VENV)}
    command = [str(VENV / "bin" / "uv"), "sync", "--quiet", "--frozen", "--inexact", "--all-extras", "--group", "dev"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def system_libraries() -> bool:
    """Qt's libraries, by apt when that is allowed, else by a line to run."""
    if not sys.platform.startswith("linux"):
        return True
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    return not missing or apt(missing)


def loads(library: str) -> bool:
    """Whether a shared library is there."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt(packages: list[str]) -> bool:
    """Install Debian packages as root or by sudo without a question; else say the line to run."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    able = shutil.which("apt-get") and (os.geteuid() == 0 or shutil.which("sudo"))
    if able:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, env=environment, stdout=subprocess.DEVNULL)
        done = subprocess.run([*prefix, *line.split()], check=False, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode == 0:
            return True
    print(f"Some system packages are missing. Run this line, then the same command again:\n\n  sudo {line}\n", file=sys.stderr)
    return False


def fonts() -> None:
    """The open fonts and their licence, from their registry package; without them the app uses the system's."""
    if all((FONTS / name).exists() for name in WANTED_FONTS):
        return
    npm = shutil.which("npm")
    if npm is None:
        print("The fonts IBM Plex were not fetched (npm is not installed); the app uses the system's fonts.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run([npm, "pack", "--silent", FONT_PACKAGE], cwd=folder, capture_output=True, text=True, check=False)
        archives = list(Path(folder).glob("*.tgz"))
        if packed.returncode != 0 or not archives:
            print("The fonts IBM Plex could not be fetched; the app uses the system's fonts.", file=sys.stderr)
            return
        FONTS.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archives[0]) as archive:
            for member in archive.getmembers():
                name = Path(member.name).name
                data = archive.extractfile(member) if member.isfile() else None
                if data is not None and (name in WANTED_FONTS or "LICENSE" in name.upper() or "OFL" in name.upper()):
                    (FONTS / name).write_bytes(data.read())


if __name__ == "__main__":
    raise SystemExit(main())
