"""The form with which a PC joins the network, wherever it stands: address, code, name; knows no page around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.kit.cards import column
from desktop.kit.forms import Field, Form, Line
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from desktop.shell.request_form import OtherWays, RequestForm
from desktop.shell.second_form import SecondForm
from desktop.shell.spending import limits_in, rules_of
from i18n import Text, t
from sync import exchange, invitation
from sync.errors import Failure, NotADalilServer, Offline
from sync.membership import membership
from sync.workspace import Workspace

__all__ = ["Join", "JoinForm"]

Join = Callable[[Workspace, str, str, str], Any]  # what it answers may say in `held` what of the copy waits
_OF_THE_CODE = frozenset({"code_unknown", "code_used", "code_expired", "too_many", "impostor", "invalid"})


def within_rules(ws: Workspace, url: str, code: str, name: str) -> exchange.Report:
    """Join, and take the first copy as far as the rules of this computer let it come: a metered connection, the limit of the month."""
    return exchange.join(ws, url, code, name, purse=exchange.Purse(ws, rules_of(limits_in(ws.folder).choices)))


class JoinForm(QWidget):
    """Three fields, and the asking itself; a failure stands beside the field it concerns and what was typed stays.

    Signals: `joined()`; `failed()`, after it was said; `left()`. Attribute: `form`.
    """

    joined = Signal()
    failed = Signal()
    left = Signal()

    def __init__(self, context: Context, join: Join = within_rules) -> None:
        super().__init__()
        self._context, self._join = context, join
        is_member = membership(context.workspace).certified  # by paper: only the server's address is lacking
        intro = Text("The address and the code come from the secretariat or from your digital space, on paper or by message.")
        fields = [
            Field("url", Text("Address of the server"), Line("https://dalil.exemple.dj", ltr=True), required=True),
            Field("code", Text("Invitation code"), Line("7K3M-9QXA-R2TB-W6HN", ltr=True),
                  Text("Sixteen letters and figures; capitals and dashes do not matter."), required=True),
            Field("name", Text("Your name"), Line(), Text("Members of the network see it beside what you write; guests never do."), required=True),
        ]
        if is_member:
            fields, intro = fields[:1], Text("You are a member already. The secretariat knows the address; until you have it, go on by stick.")
        self.form = Form(t("Join the network"), fields, check=_check, save=t("Join"), intro=intro)
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self.left)
        self.paper = OtherWays(self._restore if context.account is not None and context.account.lock != "guest" else None)
        self.paper.requested.connect(self._ask_on_paper)
        self.paper.second_requested.connect(self._ask_for_code)
        lines = column(self, gap=0)
        lines.addWidget(self.form, 1)
        lines.addWidget(self.paper)
        self.paper.setVisible(not is_member)
        self.request: RequestForm | SecondForm | None = None
        for one in fields:
            for line in self.form.field(one.path).editor.inputs():
                line.returnPressed.connect(self.form.submit)

    def _restore(self) -> None:
        self._context.account.show("restore")

    def _ask_on_paper(self) -> None:
        self._show_other(RequestForm(self._context, str(self.form.values()["name"] or "")))

    def _ask_for_code(self) -> None:
        self._show_other(SecondForm(self._context))

    def _show_other(self, form: RequestForm | SecondForm) -> None:
        self.request = form
        self.request.left.connect(self._leave_paper)
        self.request.requested.connect(self._on_requested)
        self.form.hide()
        self.paper.hide()
        self.layout().addWidget(self.request)
        self.request.show()
        self.request.take_keyboard()

    def _leave_paper(self) -> None:
        if self.request is not None:
            self.request.hide()
            self.request.deleteLater()
            self.request = None
            self.form.show()
            self.paper.show()

    def _on_requested(self) -> None:
        self._leave_paper()
        self.joined.emit()

    def _on_save_requested(self, _changed: dict[str, Any]) -> None:
        typed = self.form.values()
        self.form.set_saving(t("Joining, and fetching a first copy… You may go on working."))
        work = _Joining(self._join, self._context.workspace, *((typed.get(one) or "").strip() for one in ("url", "code", "name")))
        self._context.tasks.run(Lane.FREE, work, self._on_joined, self._on_failed)

    def _on_joined(self, report: Any) -> None:
        self.form.set_saving("")
        waits = any(one.what == "records" for one in getattr(report, "held", ()))
        self._context.notify(t("You are in the network. Its copy waits, as the rules of this PC’s connection say: “Exchanges” fetches it.") if waits
                             else t("You are in the network. Its copy is on this PC."))
        self.joined.emit()

    def _on_failed(self, error: Exception) -> None:
        self.form.set_saving("")
        if not isinstance(error, Failure):
            self.form.show_problems({"": t("This did not work. What you typed is still here.")})
            raise error
        self.form.show_problems({_place_of(error): error.message})
        self.failed.emit()


def _check(values: dict[str, Any]) -> dict[str, Text]:
    found = {}
    if not values["url"]:
        found["url"] = Text("Write the address that you were given.")
    if "code" not in values:
        return found
    if not values["code"]:
        found["code"] = Text("Write the code that you were given.")
    else:
        try:
            invitation.parse(values["code"])
        except Failure as failure:
            found["code"] = failure.message
    if not values["name"]:
        found["name"] = Text("Write your name, as people know you.")
    return found


def _place_of(failure: Failure) -> str:
    """The field that a failure concerns; "" when it is the fault of none. An impostor is told by the code, not by the address."""
    if failure.code in _OF_THE_CODE:
        return "code"
    return "url" if isinstance(failure, NotADalilServer | Offline) else ""


@dataclass(frozen=True)
class _Joining:
    join: Join
    ws: Workspace
    url: str
    code: str
    name: str

    def __call__(self, _job: Job) -> Any:
        return self.join(self.ws, self.url, self.code, self.name)
