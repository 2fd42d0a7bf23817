"""Threads that meet a type of the wire for the first time at once: the library that decodes crashes the whole program unless it is kept from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROUNDS = """
import sys, threading, types
from sync import codec
sys.setswitchinterval(1e-6)
source = "from __future__ import annotations\\nimport msgspec\\n" + "".join(
    f"class S{n}(msgspec.Struct, array_like=True, frozen=True):\\n    number: int\\n    words: list[str]\\n    inner: S{n + 1} | None = None\\n"
    for n in range(5)) + "class S5(msgspec.Struct, array_like=True):\\n    number: int\\n"
for number in range(150):
    module = types.ModuleType(f"fresh{number}")
    sys.modules[module.__name__] = module
    exec(source, module.__dict__)
    together = threading.Barrier(6)
    def meet(name):
        together.wait()
        codec.unpack(codec.pack([1, ["a"], None] if name != "S5" else [1]), getattr(module, name))
    threads = [threading.Thread(target=meet, args=(f"S{n}",)) for n in range(6)]
    for one in threads: one.start()
    for one in threads: one.join()
print("whole")
"""


def test_threads_may_meet_a_type_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", ROUNDS], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "whole\n", "")
