"""A copy of the project in which a fault is planted and its tests are run; the working tree is read and never written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.planted import Fault

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".*", "build", "dist", "docs", "third_party", "__pycache__", "*.egg-info")
_FAILED = 1  # what pytest answers when a test failed; anything else but 0 means that it could not run them


class Rotten(Exception):
    """A fault does not fit the engine any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault: the test that saw it, if one did, and the seconds that took. `trouble` says why the tests could not be run."""

    killer: str | None
    seconds: float
    trouble: str = ""


def planted_in(text: str, fault: Fault) -> str:
    """The text of a file with the fault in it; Rotten when the old text does not stand there exactly once."""
    times = text.count(fault.old)
    if times != 1:
        raise Rotten(f"{fault.name}: the text that it replaces stands {times} times in {fault.file}, not once")
    return text.replace(fault.old, fault.new)


class Tree:
    """One copy of the project; faults come and go in it, one at a time."""

    def __init__(self, folder: Path, limit: float) -> None:
        self.folder = folder
        self.limit = limit
        shutil.copytree(ROOT, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)
        # a fault may leave size and second of a file as they were, so that only its text says that it must be compiled again
        subprocess.run([sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "."], cwd=folder, check=False)

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        """The fault is there while this lasts."""
        path = self.folder / fault.file
        whole = path.read_text("utf-8")
        path.write_text(planted_in(whole, fault), "utf-8")
        try:
            yield
        finally:
            path.write_text(whole, "utf-8")

    def run(self, killers: tuple[str, ...]) -> Outcome:
        """Run tests until one fails."""
        start = time.monotonic()
        tests = [one for one in killers if not one.startswith("simulation ")]
        seeds = [one.split()[1] for one in killers if one.startswith("simulation ")]
        commands = [["-m", "pytest", "-x", "-p", "no:cacheprovider", "-o", "timeout=0", "--tb=no", "-rf", *tests]] * bool(tests)
        commands += [["-m", "tests.mutants.seeds", most] for most in seeds]
        for words in commands:
            try:
                done = subprocess.run([sys.executable, *words], cwd=self.folder, env=self._surroundings(), capture_output=True, text=True,
                                      check=False, timeout=self.limit)
            except subprocess.TimeoutExpired:
                return Outcome(None, time.monotonic() - start, f"no end in {self.limit:.0f} s")
            if done.returncode == _FAILED:
                named = next((line.split()[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))), " ".join(words[2:]))
                return Outcome(named, time.monotonic() - start)
            if done.returncode:
                why = (done.stdout + done.stderr).strip()[-400:]
                return Outcome(None, time.monotonic() - start, f"ended with {done.returncode}: {why}")
        return Outcome(None, time.monotonic() - start)

    def _surroundings(self) -> dict[str, str]:
        shared = os.environ.get("DALIL_SHARED", str(ROOT.parent / "shared"))
        return {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "DALIL_SHARED": shared}


@contextmanager
def tree(limit: float) -> Iterator[Tree]:
    """A copy of the project in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dalil-mutants-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Tree(Path(folder), limit)
