"""One field in a form: label above, editor, help under it, and the message when it is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.kit.cards import IconLabel, column, row
from desktop.kit.forms.choices import ChoiceEditor, CodesEditor, WordsEditor
from desktop.kit.forms.editor import Editor
from desktop.kit.forms.facts import FactsEditor
from desktop.kit.forms.kinds import (
    Choice,
    Codes,
    Facts,
    Field,
    Line,
    LongText,
    Money,
    PartialDate,
    Reference,
    References,
    Switch,
    Texts,
    Words,
)
from desktop.kit.forms.lines import DateEditor, LineEditor, LongTextEditor, MoneyEditor, SwitchEditor
from desktop.kit.forms.reference import ReferenceEditor, ReferencesEditor
from desktop.kit.forms.texts import TextsEditor
from desktop.kit.text import Label, Paragraph
from i18n import Text, t

__all__ = ["FieldRow"]

_EDITORS: dict[type, type] = {
    Line: LineEditor, LongText: LongTextEditor, Texts: TextsEditor, Choice: ChoiceEditor, Codes: CodesEditor,
    Words: WordsEditor, PartialDate: DateEditor, Money: MoneyEditor, Facts: FactsEditor,
    Reference: ReferenceEditor, References: ReferencesEditor, Switch: SwitchEditor,
}


class FieldRow(QWidget):
    """A field in its place. Attributes: `path`, `editor`, `is_wrong`."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.path = field.path
        self.is_wrong = False
        name = str(field.label)
        self.editor: Editor = _EDITORS[type(field.kind)](field.kind, name)
        body = column(self, gap=4)
        head = row(gap=8)
        label = Label(field.label, "label")
        head.addWidget(label)
        if field.required:
            head.addWidget(Label(t("needed"), "small"))
        head.addStretch(1)
        body.addLayout(head)
        body.addWidget(self.editor)
        self._help = str(field.help)
        if self._help:
            body.addWidget(Paragraph(field.help, "small"))
        self._trouble = QWidget()
        line = row(self._trouble, gap=6)
        line.addWidget(IconLabel("problem", "problem", 16), 0, Qt.AlignmentFlag.AlignTop)
        self._message = Label("", "problem", wrap=True)
        line.addWidget(self._message, 1)
        self._trouble.hide()
        body.addWidget(self._trouble)
        self._describe("")

    def show_messages(self, messages: Mapping[str, str | Text]) -> None:
        """Say what is wrong, by piece of the value ("" for the whole); an empty mapping says it is right."""
        self.is_wrong = bool(messages)
        words = "\n".join(dict.fromkeys(str(message) for message in messages.values()))
        self._message.setText(words)
        self._trouble.setVisible(self.is_wrong)
        self.editor.show_wrong(set(messages))
        self._describe(words)

    def _describe(self, trouble: str) -> None:
        for widget in self.editor.inputs():
            widget.setAccessibleDescription(" ".join(part for part in (trouble, self._help) if part))
