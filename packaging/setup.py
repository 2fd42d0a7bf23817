"""Set up this checkout on a fresh Debian or Ubuntu: environment, packages, Qt's system libraries, fonts; knows no record."""

from __future__ import annotations

import ctypes
import importlib.util
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
FONT_LICENCE = "LICENSE_FONT"
SYSTEM_FONTS = Path("/usr/share/fonts")

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
    if sys.version_info < (3, 11):
        print(f"Dalil needs Python 3.11 or newer; this is {sys.version.split()[0]}. Name another: make PYTHON=python3.12 …", file=sys.stderr)
        return 1
    begun = (VENV / "bin" / "uv").exists()
    missing = missing_packages() + (missing_for_bundle() if "build" in sys.argv[1:] else [])
    if missing and not apt(missing):
        return 1
    if "faults" in sys.argv[1:]:
        for_faults()
    if not make_environment() or not sync_packages():
        print("The packages could not be fetched (the reason stands above). Is there a network? Then run the same command again.", file=sys.stderr)
        return 1
    if not begun or shutil.which("npm"):  # what cannot be had is said once
        fonts()
    return 0


def missing_packages() -> list[str]:
    """Debian packages that this machine lacks, all at once so that nobody is asked twice."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    has_environment = (VENV / "bin" / "uv").exists()
    if not has_environment and importlib.util.find_spec("ensurepip") is None:
        missing.insert(0, f"python3.{sys.version_info.minor}-venv")
    if not fonts_stand() and shutil.which("npm") is None and not any(SYSTEM_FONTS.rglob("*.ttf")):
        missing.append("fonts-dejavu-core")  # draws Latin and Arabic; without any font the app would show boxes
    return missing


def missing_for_bundle() -> list[str]:
    """What PyInstaller asks of Debian besides: a tool to write the program, and Python as a library."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [] if shutil.which("objcopy") else ["binutils"]
    if sys.base_prefix == "/usr" and not loads(f"libpython3.{sys.version_info.minor}.so.1.0"):
        missing.append(f"libpython3.{sys.version_info.minor}")
    return missing


def for_faults() -> None:
    """What tests/faults asks of Debian besides; where it cannot be had, those tests say so and are skipped."""
    if sys.platform.startswith("linux") and shutil.which("strace") is None:
        apt(["strace"])


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
    if shutil.which("apt-get") and (os.geteuid() == 0 or may_sudo()):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
        subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
        if subprocess.run([*prefix, *line.split()], check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0:
            return True
    as_whom = "" if os.geteuid() == 0 else "sudo "
    print(f"Some system packages are missing. Run this line, then the same command again:\n\n  {as_whom}{line}\n", file=sys.stderr)
    return False


def may_sudo() -> bool:
    """Whether sudo works here without asking for a password."""
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def make_environment() -> bool:
    """A virtual environment with uv in it, the project's own; half a one is made anew."""
    python, uv = VENV / "bin" / "python", VENV / "bin" / "uv"
    if uv.exists() and runs(python):
        return True
    if not runs(python, "-m", "pip", "--version"):
        shutil.rmtree(VENV, ignore_errors=True)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode != 0:
            return False
    return subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=False).returncode == 0


def runs(program: Path, *words: str) -> bool:
    """Whether this program starts; a virtual environment whose Python was removed does not."""
    if not program.exists():
        return False
    return subprocess.run([str(program), *(words or ("-c", ""))], capture_output=True, check=False).returncode == 0


def sync_packages() -> bool:
    """The exact versions of uv.lock; nothing is fetched when they are there."""
    # The system's certificates, so that an association behind its own proxy can set up too.
    environment = {"UV_SYSTEM_CERTS": "true", "UV_NO_PROGRESS": "true"} | os.environ | {"UV_PROJECT_ENVIRONMENT": str(VENV)}
    environment.pop("VIRTUAL_ENV", None)
    command = [str(VENV / "bin" / "uv"), "sync", "--quiet", "--frozen", "--inexact", "--all-extras", "--group", "dev"]
    command += ["--python", str(VENV / "bin" / "python")]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def fonts_stand() -> bool:
    """Whether the open fonts and their licence are here."""
    return all((FONTS / name).exists() for name in {*WANTED_FONTS, FONT_LICENCE})


def fonts() -> None:
    """The open fonts and their licence, from their registry package; without them the app uses the system's."""
    if fonts_stand():
        return
    if shutil.which("npm") is None:
        print("The fonts IBM Plex were not fetched (npm is not installed); the app uses the system's fonts.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["npm", "pack", "--silent", FONT_PACKAGE], cwd=folder, capture_output=True, check=False)
        archives = list(Path(folder).glob("*.tgz"))
        if packed.returncode != 0 or not archives:
            print("The fonts IBM Plex could not be fetched; the app uses the system's fonts.", file=sys.stderr)
            return
        FONTS.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archives[0]) as archive:
            for member in archive.getmembers():
                name = Path(member.name).name
                data = archive.extractfile(member) if name in {*WANTED_FONTS, FONT_LICENCE} else None
                if data is not None:
                    (FONTS / name).write_bytes(data.read())


if __name__ == "__main__":
    raise SystemExit(main())
