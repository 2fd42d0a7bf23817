"""Programs run under strace: every write written down, killed or failed at one of them; knows no flow and no record."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.programs import ROOT, surroundings

# Everything by which a program changes what is on a disk, or tells somebody that it did.
WRITES = ("write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "unlink", "unlinkat",
          "link", "linkat", "mkdir", "mkdirat", "sendto", "sendmsg", "fallocate")
_OPENS = ("openat", "open")
_LINE = re.compile(r"(\d+) +(.*)\Z", re.S)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)(.*)\Z", re.S)
_HEX = re.compile(rb"\\x([0-9a-f]{2})")


def needs_strace() -> None:
    """Skip without strace, except where it must be: on Linux in CI."""
    if shutil.which("strace") is None:
        if os.environ.get("CI"):
            pytest.fail("strace is missing: apt-get install strace")
        pytest.skip("strace is not installed: apt-get install strace")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the kernel that succeeded: its name, paths, numbers, and the bytes that it wrote."""

    thread: int
    name: str
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""
    result: int = 0
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended (a negative code is a signal), and what it said until then."""

    code: int
    out: str
    err: str


def run(command: Sequence[str], *tracing: str, more: dict[str, str] | None = None) -> Done:
    """Run a program, under strace with these options if there are any; bounded in time."""
    # With --seccomp-bpf only the calls asked for stop the program; strace 6.1 then delivers no signal, so kills do without.
    quick = () if any("signal=SIG" in word for word in tracing) else ("--seccomp-bpf",)
    words = ["strace", "-f", *quick, "-o", "/dev/null", *tracing, *command] if tracing else list(command)
    done = subprocess.run(words, capture_output=True, cwd=ROOT, env={**surroundings(), **(more or {})}, timeout=120, check=False)
    return Done(-signal.SIGKILL if done.returncode == 137 else done.returncode, done.stdout.decode(), done.stderr.decode())


def killed(command: Sequence[str], name: str, number: int, more: dict[str, str] | None = None) -> Done:
    """Run a program and kill -9 it as it enters the `number`th call of that name."""
    return run(command, "-e", f"trace={name}", "-e", f"inject={name}:signal=SIGKILL:when={number}", more=more)


def recorded(command: Sequence[str], log: Path, more: dict[str, str] | None = None) -> tuple[Done, list[Call]]:
    """Run a program and write down every change that it made."""
    done = run(command, "-o", str(log), *recording(), more=more)
    return done, list(calls(log))


def recording() -> tuple[str, ...]:
    """The options of strace that write down everything, every byte of it."""
    return "-y", "-xx", "-s", str(2**26), "-e", f"trace={','.join((*WRITES, *_OPENS))}", "-e", "signal=none"


def points(found: Iterable[Call]) -> list[tuple[str, int]]:
    """Where a program may be killed: (name of the call, its number among those of that name in its thread)."""
    most: Counter[str] = Counter()
    for (_, name), count in Counter((one.thread, one.name) for one in found if one.name in WRITES).items():
        most[name] = max(most[name], count)
    return [(name, number) for name in sorted(most) for number in range(1, most[name] + 1)]


def calls(log: Path) -> Iterator[Call]:
    """What strace wrote down, parsed; a call that another thread interrupted counts when it ended, its bytes are those given at its start."""
    begun: dict[int, str] = {}
    for line in log.read_text("latin-1").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        thread, text = int(found[1]), found[2]
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>").rstrip()
            continue
        if text.startswith("<... "):
            text = begun.pop(thread, "") + text.partition(" resumed>")[2]
        call = _CALL.match(text)
        if call is not None and not call[3].startswith("-"):
            parsed = _parsed(thread, call[1], call[2], call[3])
            if parsed is not None:
                yield parsed


def _parsed(thread: int, name: str, words: str, result: str) -> Call | None:
    strings = [_bytes(each) for each in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', words)]
    paths = [_bytes(each).decode() for each in re.findall(r"<((?:\\x[0-9a-f]{2}|[^<>])*)>", words)]
    last = words.rpartition(", ")[2]
    value = 0 if result == "?" else int(result)
    if name in _OPENS:
        return Call(thread, "open", strings[0].decode() if strings else "", flags=words)
    if name in ("write", "pwrite64", "sendto"):
        data = strings[0][:value] if strings else b""
        return Call(thread, name, paths[0] if paths else "", "", int(last) if name == "pwrite64" else -1, data, value)
    if name in ("fsync", "fdatasync"):
        return Call(thread, name, paths[0] if paths else "")
    if name == "ftruncate":
        return Call(thread, name, paths[0], "", int(last))
    if name in ("rename", "link", "unlink", "mkdir"):
        return Call(thread, name, strings[0].decode(), strings[1].decode() if len(strings) > 1 else "")
    if name in WRITES:
        return Call(thread, name, paths[0] if paths else "")
    return None


def _bytes(text: str) -> bytes:
    raw = text.encode("latin-1")
    return _HEX.sub(lambda one: bytes([int(one[1], 16)]), raw)


@contextmanager
def attached(process: int, *options: str) -> Iterator[None]:
    """Trace a running program, all its threads, until it ends or the block does."""
    words = ["strace", "-f", "-p", str(process), *options]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        try:
            line = tracer.stderr.readline()
            assert "attached" in line, line
            yield
        finally:
            _let_go(tracer, process)


def _let_go(tracer: subprocess.Popen[str], process: int) -> None:
    """End the tracer: by itself if the program is dying (told to let go of a dying one, strace 6.1 waits for ever), else when told."""
    try:
        if not _dying(process):
            tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.communicate(timeout=10)


def _dying(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    try:
        return "State:\tZ" in status.read_text() or "SigPnd:\t0000000000000100" in status.read_text() or "ShdPnd:\t0000000000000100" in status.read_text()
    except FileNotFoundError:
        return True
