"""Time to a usable window against a bare PySide6 window; whole processes, drawn offscreen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Family, compared, seconds

_BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
app = QApplication([])
window = QMainWindow(); view = QTableView(); view.setModel(QStandardItemModel(0, 5)); window.setCentralWidget(view)
window.resize(1024, 768); window.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""
_OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop.app import App, make_application
from desktop.kit.tasks import Tasks
from resources import KINDS
from sync.workspace import Workspace
folder = Path(sys.argv[1])
application, preferences = make_application(folder)
tasks = Tasks()
app = App(Workspace(folder, KINDS), preferences, tasks)
app.shell.show()
app.shell.navigate("directory")
tasks.idle.connect(application.quit)
application.exec()
app.end()
"""


def window_family(runs: int = 5) -> Family:
    """The figure, from runs taken in turn."""
    from desktop.sample import make

    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder).workspace.close()
        for run in range(runs + 1):
            took = seconds(lambda: subprocess.run([sys.executable, "-c", _OURS, str(folder / "amina")], env=environment, check=True))
            base = seconds(lambda: subprocess.run([sys.executable, "-c", _BARE], env=environment, check=True))
            if run:
                ours.append(took)
                bare.append(base)
    return Family("Window", [compared("time to a usable window", ours, bare, "bare PySide6 window with an empty table")],
                  "From the start of the process until the directory shows its first rows, against a process that shows an empty PySide6 table\n"
                  "view; both drawn offscreen, medians of runs in turn.")
