"""None, True and False outlive tens of thousands of Qt calls that return them."""

from __future__ import annotations

import subprocess
import sys


def test_constants_survive_many_calls_of_qt():
    program = (
        "import desktop.kit\n"
        "from PySide6.QtCore import QObject\n"
        "thing = QObject()\n"
        "for n in range(50_000):\n"
        "    thing.setObjectName('x'); thing.blockSignals(False); thing.isWidgetType()\n"
        "print('alive')\n"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (outcome.stdout.strip(), outcome.returncode) == ("alive", 0), outcome.stderr
