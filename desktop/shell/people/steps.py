"""What is asked of a person who comes to a PC: a name, the phrase once more, the recovery code; knows no vault."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.controls import CheckBox
from desktop.kit.file_dialog import chosen_target
from desktop.kit.flow import FlowLayout
from desktop.kit.forms.editor import follow_direction, mark_wrong
from desktop.kit.secret import SecretLine
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.people.paper import write_paper
from desktop.shell.people.sheet import Step
from desktop.shell.people.tiles import Badge
from i18n import Text, t

__all__ = ["AgainStep", "CodeStep", "NameStep"]


class NameStep(Step):
    """How one is called. Signals: `chosen(name)`."""

    chosen = Signal(str)

    def __init__(self, refusal: Callable[[str], Text | None], name: str = "", *, title: str = "", text: str | Text = "") -> None:
        """`refusal(name)` says why a name cannot be, or None; `title` and `text` say what it is for, where somebody is not new here."""
        super().__init__(title or t("Add me to this PC"), text or t("Everyone who opens Dalil here sees this name. Write it as people know you."),
                         t("Go on"), badge=Badge(icon="person"))
        self._refusal = refusal
        field = column(gap=4)
        field.addWidget(Label(t("Your name"), "label"))
        self.line = QLineEdit(name)
        self.line.setAccessibleName(t("Your name"))
        self.line.setMaxLength(60)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self.submit)
        field.addWidget(self.line)
        self._wrong = Paragraph("", "problem")
        self._wrong.hide()
        field.addWidget(self._wrong)
        self.body.addLayout(field)

    def submit(self) -> None:
        name = " ".join(self.line.text().split())
        wrong = self._refusal(name)
        mark_wrong(self.line, wrong=wrong is not None)
        self._wrong.setText(str(wrong or ""))
        self._wrong.setVisible(wrong is not None)
        self.line.setAccessibleDescription(str(wrong or ""))
        if wrong is None:
            self.chosen.emit(name)
        else:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_keyboard(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_text_edited(self) -> None:
        follow_direction(self.line, self.line.text())


class AgainStep(Step):
    """The phrase once more, out of one's head. Signals: `confirmed()`."""

    confirmed = Signal()

    def __init__(self, is_it: Callable[[str], bool]) -> None:
        """`is_it(typed)`: whether that is the phrase, however it was written."""
        super().__init__(t("Write it once more"), t("Without looking: so you know that you know it."), t("Go on"), badge=Badge(icon="edit"))
        self._is_it = is_it
        self.line = SecretLine(t("Your phrase"), hidden=False)
        self.line.entered.connect(self.submit)
        self.body.addWidget(self.line)

    def submit(self) -> None:
        if self._is_it(self.line.text()):
            self.line.show_wrong()
            self.confirmed.emit()
        else:
            self.line.show_wrong(t("This is not the same phrase. Go back to see it again."))
            self.line.take_keyboard()

    def take_keyboard(self) -> None:
        self.line.take_keyboard()


class CodeStep(Step):
    """The recovery code, shown once. Signals: `kept()`."""

    kept = Signal()

    def __init__(self, name: str, code: str) -> None:
        super().__init__(t("Your recovery code"), t("If you forget your phrase, this code opens your space again, without any network. "
                                                    "It is shown only now."), t("Go on"), badge=Badge(icon="lock"))
        self._name, self._code = name, code
        box = QFrame()
        box.setProperty("part", "segments")
        inside = column(box, margin=16)
        self.code = Label(keep_ltr(code.replace("-", "-\u200b")), "title", wrap=True, anchor="centre", selectable=True)
        self.code.setAccessibleName(t("Recovery code: {code}", code=code))
        inside.addWidget(self.code)
        self.body.addWidget(box)
        acts = FlowLayout(spacing=theme.px(8))
        acts.addWidget(button(t("Save to print"), self._save_paper, icon="print", name=t("Save a sheet with the code, to print")))
        acts.addWidget(button(t("Save as a picture"), self._save_picture, icon="file_image", name=t("Save a picture with the code, for a phone")))
        self.body.addLayout(acts)
        self.body.addWidget(Paragraph(t("Keep it far from this PC: whoever has it can open your space."), "small"))
        self.sure = CheckBox(t("I have written it down or saved it"))
        self.sure.toggled.connect(self._on_sure_toggled)
        self.body.addWidget(self.sure)
        self.go.setEnabled(False)

    def submit(self) -> None:
        self.kept.emit()

    def take_keyboard(self) -> None:
        self.sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, path: str) -> None:
        """Write the sheet there, as a picture if its name says so; says under it how that went."""
        try:
            write_paper(path, self._name, self._code)
        except OSError as error:
            self.say(t("This could not be saved: {why}. Choose another place, or copy the code by hand.", why=error.strerror or str(error)))
            self.go.setEnabled(self.sure.isChecked())
            return
        self.say(t("Saved. Take it away with you: it must not stay on this PC."))
        self.sure.setChecked(True)
        self.go.setEnabled(True)

    def _save_paper(self) -> None:
        self._ask("pdf", "PDF (*.pdf)")

    def _save_picture(self) -> None:
        self._ask("png", "PNG (*.png)")

    def _ask(self, ending: str, kind: str) -> None:
        path = str(chosen_target(self, t("Save the recovery code"), f"dalil.{ending}", kind) or "")
        if path:
            self.save(path if path.lower().endswith(f".{ending}") else f"{path}.{ending}")

    @Slot(bool)
    def _on_sure_toggled(self, sure: bool) -> None:
        self.go.setEnabled(sure)
