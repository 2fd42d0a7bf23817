"""A fault of the program says where it happened and never with which values: standard error often ends in a file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.programs import surroundings

CANARY = "Zénobie-Oukoubiya"
BEGIN = f"from desktop.terminal.discretion import be_discreet; be_discreet(); word = {CANARY!r}\n"
WAYS = {
    "an exception": "{}[word]",
    "one with a cause": "try:\n    int(word)\nexcept ValueError as error:\n    raise RuntimeError(word) from error",
    "one while another was handled": "try:\n    int(word)\nexcept ValueError:\n    raise RuntimeError(word)",
    "a failure with values": "from i18n import Text\nfrom sync.errors import Failure\nraise Failure(Text('There is no {kind} here.', kind=word))",
    "in a thread": "import threading\nthread = threading.Thread(target=int, args=(word,), name=word)\nthread.start()\nthread.join()",
    "in a destructor": "class Thing:\n    def __del__(self):\n        int(word)\nThing()",
    "in a slot": ("from PySide6.QtCore import QCoreApplication, QTimer\napplication = QCoreApplication([])\n"
                  "QTimer.singleShot(0, lambda: int(word))\nQTimer.singleShot(1, application.quit)\napplication.exec()"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_fault_is_said_without_what_was_typed(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN + WAYS[way]], capture_output=True, text=True, env=surroundings(), timeout=60, check=False)
    assert CANARY not in done.stdout + done.stderr
    assert "Oukoubiya" not in done.stderr
    assert "a fault of the program" in done.stderr
    wanted = {"one with a cause": ["builtins.ValueError", "builtins.RuntimeError"], "one while another was handled": ["builtins.ValueError"],
              "a failure with values": ["sync.errors.Failure: There is no {kind} here."], "an exception": ["KeyError", "<string>:2"]}.get(way, ["ValueError"])
    assert all(word in done.stderr for word in wanted), done.stderr


def test_the_program_begins_with_it_and_leaves_no_memory_behind() -> None:
    program = ("import sys, resource, desktop.__main__ as program\n"
               "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
               "program.run = lambda words, doors: print(resource.getrlimit(resource.RLIMIT_CORE)[0], sys.excepthook.__name__)\n"
               "program.main([])")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings(), timeout=60, check=True)
    assert done.stdout.split() == ["0", "_on_fault"]
