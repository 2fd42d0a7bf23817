"""Editors that point to other records, found by typing; they know ids and labels only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QWidget

from desktop.kit.cards import column, row
from desktop.kit.chips import ChipRow
from desktop.kit.controls import SignLine
from desktop.kit.forms.editor import Editor
from desktop.kit.forms.kinds import Option, Reference, References
from i18n import t

__all__ = ["ReferenceEditor", "ReferencesEditor"]

_CODE = int(Qt.ItemDataRole.UserRole) + 1


class _Finder(SignLine):
    """A line that offers what the search finds. Signals: `picked(code, label)`."""

    picked = Signal(str, str)

    def __init__(self, kind: Reference | References, name: str) -> None:
        super().__init__("search")
        self._search = kind.search
        self._wanted = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(str(kind.placeholder) or t("Type a name to find it"))
        self._found = QStandardItemModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated[QModelIndex].connect(self._on_activated)
        self.setCompleter(completer)
        self.textEdited.connect(self._on_text_edited)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self._wanted = text
        if text.strip():
            self._search(text.strip(), self._deliver)

    def _deliver(self, options: Sequence[Option]) -> None:
        if self.text() != self._wanted:  # an answer to an older question
            return
        self._found.clear()
        for option in options:
            item = QStandardItem(f"{option.label}  ·  {option.meta}" if option.meta else str(option.label))
            item.setData(option.code, _CODE)
            item.setData(str(option.label), _CODE + 1)
            self._found.appendRow(item)
        if self.hasFocus() and options:
            self.completer().complete()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.picked.emit(index.data(_CODE), index.data(_CODE + 1))


class ReferenceEditor(Editor):
    """One other record. Text that names no record counts as none and is put back when left."""

    def __init__(self, kind: Reference, name: str) -> None:
        super().__init__()
        self._label_of = kind.label_of
        self._code: str | None = None
        self._label = ""
        self._line = _Finder(kind, name)
        row(self).addWidget(self._line)
        self._line.picked.connect(self._on_picked)
        self._line.textChanged.connect(self._on_text_changed)
        self._line.editingFinished.connect(self._on_editing_finished)
        self.watch(self._line)

    def value(self) -> str | None:
        return self._code

    def set_value(self, value: str | None) -> None:
        self._code, self._label = value, self._label_of(value) if value else ""
        self._line.setText(self._label)

    def inputs(self) -> list[QWidget]:
        return [self._line]

    @Slot(str, str)
    def _on_picked(self, code: str, label: str) -> None:
        self._code, self._label = code, label
        self._line.setText(label)
        self.edited.emit()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if not text and self._code is not None:
            self._code, self._label = None, ""
            self.edited.emit()

    @Slot()
    def _on_editing_finished(self) -> None:
        self._line.setText(self._label)


class ReferencesEditor(Editor):
    """Several other records, each a chip."""

    def __init__(self, kind: References, name: str) -> None:
        super().__init__()
        self._label_of = kind.label_of
        self._labels: dict[str, str] = {}
        body = column(self, gap=8)
        self._chips = ChipRow()
        self._chips.removed.connect(self._on_chip_removed)
        self._line = _Finder(kind, name)
        self._line.picked.connect(self._on_picked, Qt.ConnectionType.QueuedConnection)
        body.addWidget(self._chips)
        body.addWidget(self._line)
        self.watch(self._line)

    def value(self) -> list[str]:
        return list(self._labels)

    def set_value(self, value: list[str] | None) -> None:
        self._labels = {code: self._label_of(code) for code in value or []}
        self._chips.show_chips(self._labels.items())

    def inputs(self) -> list[QWidget]:
        return [self._line]

    @Slot(str, str)
    def _on_picked(self, code: str, label: str) -> None:
        # Queued: the completer writes the label into the line after it has told us.
        self._labels[code] = label
        self._chips.show_chips(self._labels.items())
        self._line.clear()
        self.edited.emit()

    @Slot(str)
    def _on_chip_removed(self, code: str) -> None:
        self._labels.pop(code, None)
        self._chips.show_chips(self._labels.items())
        self.edited.emit()
