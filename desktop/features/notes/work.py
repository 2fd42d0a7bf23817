"""What the page of notes has done on the data lane: opened, kept, saved, deleted, brought back, organisations found; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.features.notes.shelf import NOTE, Entry, Shelf
from desktop.kit.tasks import Job
from i18n import Text
from resources.rights import refusal
from sync.errors import NotFound
from sync.fields import clean
from sync.form import Form, seen_of_token

__all__ = ["FIELDS", "Delete", "Forget", "Keep", "List", "Open", "Paper", "Restore", "Save", "draft_of"]

FIELDS = ("title", "text", "about")


@dataclass
class Paper:
    """One note that lies open. `form` is touched on the data lane alone: what was shown when it was opened, or saved last from here.

    `values`: what is saved; `typed`: a draft of more, or None; `name`: of the organisation it is about.
    `fresh`: it was never saved; `joined`: there is a server for it to go to. `file`: its value, or None; `here`: it is on this PC.
    """

    id: str
    form: Form | None = None
    values: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] | None = None
    name: str = ""
    pending: bool = False
    conflicts: int = 0
    joined: bool = False
    refusal: Text | None = None
    file: dict[str, Any] | None = None
    here: bool = False

    @property
    def fresh(self) -> bool:
        return self.form is None


def draft_of(paper: Paper, values: Mapping[str, str]) -> dict[str, Any]:
    """The draft of typed values, with what stood there when they were typed."""
    draft: dict[str, Any] = {"values": dict(values)}
    return draft if paper.form is None else draft | {"shown": dict(paper.form.parts), "seen": paper.form.token}


class Open:
    """Opens a note with its draft; NotFound when there is neither and none is begun (`new`)."""

    def __init__(self, ws: Any, id: str, *, new: bool = False) -> None:
        self._ws, self._id, self._new = ws, id, new

    def __call__(self, _job: Job) -> Paper:
        ws, id = self._ws, self._id
        here = bool(ws.by_ids(NOTE, [id]))
        draft = ws.draft(NOTE, id)
        if not here and draft is None and not self._new:
            ws.get(NOTE, id)  # says that there is no such note
        form = ws.form(NOTE, id) if here else None
        record = form.record if form else None
        paper = Paper(id, form, {name: (record[name] if record else None) or "" for name in FIELDS}, joined=bool(ws.vault.word("server")),
                      pending=bool(record and record.pending), conflicts=record.conflicts if record else 0,
                      refusal=refusal(ws, NOTE, "edit" if record else "create", record))
        if record is not None and record["file"]:
            paper.file, paper.here = dict(record["file"]), ws.files.here(record["file"]["sha256"])
        if draft is not None:
            paper.typed = {name: draft["values"].get(name) or "" for name in FIELDS}
            if form is not None and "seen" in draft:
                paper.form = Form(NOTE, id, form.record, dict(draft["shown"]), seen_of_token(draft["seen"], id))
        about = (paper.typed or paper.values)["about"]
        paper.name = next((one.title for one in ws.by_ids("organisation", [about])), "") if about else ""
        return paper


class Keep:
    """Keeps what is typed as a draft."""

    def __init__(self, ws: Any, paper: Paper, values: Mapping[str, str]) -> None:
        self._ws, self._paper, self._values = ws, paper, dict(values)

    def __call__(self, _job: Job) -> None:
        self._ws.keep_draft(NOTE, self._paper.id, draft_of(self._paper, self._values))


class Forget:
    """Throws a draft away; answers the id."""

    def __init__(self, ws: Any, id: str) -> None:
        self._ws, self._id = ws, id

    def __call__(self, _job: Job) -> str:
        self._ws.drop_draft(NOTE, self._id)
        return self._id


class Save:
    """One save; afterwards the paper shows what was saved, and its draft is gone. A note that was deleted meanwhile comes back with it."""

    def __init__(self, ws: Any, paper: Paper, values: Mapping[str, str]) -> None:
        self._ws, self._paper = ws, paper
        self._values = {name: clean(values[name]) or None for name in FIELDS}

    def __call__(self, _job: Job) -> Paper:
        ws, paper = self._ws, self._paper
        with ws.together():
            if paper.form is None and not ws.by_ids(NOTE, [paper.id]):
                ws.add(NOTE, {name: value for name, value in self._values.items() if value}, id=paper.id)
            else:
                if not ws.by_ids(NOTE, [paper.id]):
                    ws.restore(NOTE, paper.id)
                ws.edit(NOTE, paper.id, self._values, paper.form)
            ws.drop_draft(NOTE, paper.id)
        return Open(ws, paper.id)(_job)


class List:
    """Reads the list; answers it with the words it was asked for."""

    def __init__(self, shelf: Shelf, typed: str, changed: frozenset[str] | None) -> None:
        """`changed`: ids that were written since the last reading; None when it may have been any."""
        self._shelf, self._typed, self._changed = shelf, typed, changed

    def __call__(self, job: Job) -> tuple[str, list[Entry]]:
        job.check()
        self._shelf.forget(self._changed)
        return self._typed, self._shelf.read(self._typed)


class Delete:
    """Deletes a note and its draft; answers the paper as it was, with the draft as what was typed."""

    def __init__(self, ws: Any, paper: Paper, typed: Mapping[str, str] | None) -> None:
        self._ws, self._paper, self._typed = ws, paper, typed

    def __call__(self, _job: Job) -> tuple[Paper, dict[str, str] | None]:
        with self._ws.together():
            if self._ws.by_ids(NOTE, [self._paper.id]):
                self._ws.delete(NOTE, self._paper.id)
            self._ws.drop_draft(NOTE, self._paper.id)
        return self._paper, dict(self._typed) if self._typed is not None else None


class Restore:
    """Brings back what `Delete` answered, the draft too; answers the id."""

    def __init__(self, ws: Any, paper: Paper, typed: Mapping[str, str] | None) -> None:
        self._ws, self._paper, self._typed = ws, paper, typed

    def __call__(self, _job: Job) -> str:
        with self._ws.together():
            if self._paper.form is not None:
                try:
                    self._ws.restore(NOTE, self._paper.id)
                except NotFound:  # its deletion was never sent, and what was taken back with it is gone too
                    file = {} if self._paper.file is None else {"file": self._paper.file}
                    self._ws.add(NOTE, {name: value for name, value in self._paper.values.items() if value} | file)
            if self._typed is not None:
                self._ws.keep_draft(NOTE, self._paper.id, draft_of(self._paper, self._typed))
        return self._paper.id
