"""One random history from a seed: people edit, sync over bad roads, and a witness keeps what each of them saw."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from i18n import Text
from sync import codec
from sync.actor import Actor
from sync.errors import Cancelled, Damaged, Failure, NotFound, Offline
from sync.form import Form
from sync.scopes import NETWORK, PUBLIC
from tests.sync.network import YEAR, Device, Network
from tests.sync.oracle import CREATE, DELETE, EDIT, RESTORE, Act, Witness, Wrote, hidden, living, standing

FLAT = {"house": ("phone", "street", "opened"), "tree": ("phone", "street")}
LANGUAGES = ("fr", "ar")
COLOURS = ("red", "green", "blue")
SCOPE = {"house": PUBLIC, "tree": NETWORK}


@dataclass
class Opened:
    """A form on somebody's screen: what it showed, by path, and what its author saw in it."""

    form: Form
    shown: dict[str, Any]
    saw: dict[str, frozenset[Wrote]]


class History:
    """`run` plays `steps` steps; every check raises AssertionError with a sentence."""

    def __init__(self, folder: Path, seed: int, steps: int = 60, store: Any = None) -> None:
        self.chance = random.Random(seed)
        self.verdict = random.Random(seed + 1)
        self.steps = steps
        self.witness = Witness(frozenset({"tags", "opened"}))
        self.net = Network(folder, seed, may=self.may, store=store)
        self.refusals = self.chance.choice((0.0, 0.08, 0.25))
        skews = (0, 10 * YEAR, -10 * YEAR, 3_600_000)
        self.devices = [self.net.device(name, skew=skews[index % 4]) for index, name in enumerate(("ana", "bilal", "chams", "dini")[: self.chance.randint(2, 4)])]
        for device in self.devices:
            device.sync()
        self.forms: dict[str, list[Opened]] = {device.name: [] for device in self.devices}
        self.ids: dict[str, str] = {}
        self.shown: dict[tuple[str, str, str], Wrote] = {}
        self.counter = 0
        self.conflicts_met = 0
        self.trace: list[str] = []

    def may(self, actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        return Text("Not today.") if kind != "person" and self.verdict.random() < self.refusals else None

    def run(self) -> None:
        with self.net:
            for _ in range(self.steps):
                device = self.chance.choice(self.devices)
                step = self.chance.choices(
                    (self.open_form, self.save_form, self.edit_now, self.create, self.delete, self.restore, self.settle, self.sync,
                     self.carry, self.cancel, self.resend, self.restart),
                    (14, 16, 12, 8, 4, 3, 8, 22, 4, 3, 3, 1))[0]
                step(device)
                self.look(device)
            self.heal()

    # what people do

    def open_form(self, device: Device) -> None:
        found = self.pick(device)
        if found is None:
            return
        kind, id = found
        shown = self.screen(device, kind, id)
        acts = self.view(device, kind, id)
        paths = {path for act in acts for path in act.wrote}
        self.forms[device.name].append(Opened(device.ws.form(kind, id), shown, {path: self.witness.saw(acts, path, shown.get(path)) for path in paths}))
        self.say(device, "opens", id)

    def save_form(self, device: Device) -> None:
        forms = self.forms[device.name]
        if not forms:
            return
        opened = forms.pop(self.chance.randrange(len(forms)))
        kind, id = opened.form.kind, opened.form.id
        typed = self.something(kind, opened.shown)
        form = opened.form.token if self.chance.random() < 0.3 else opened.form
        try:
            if isinstance(form, str):  # a token keeps what was seen, not what was shown: parts are written one by one
                saved = device.ws.write(kind, id, typed, form)
                expected = typed
            else:
                saved = device.ws.edit(kind, id, whole(device, kind, opened.shown, typed), form)
                expected = {path: value for path, value in typed.items() if opened.shown.get(path) != value and not (value is False and opened.shown.get(path) is None)}
        except NotFound:
            assert self.gone(device, kind, id), f"{device.name} cannot save a form of {id}, which is not gone"
            return
        self.say(device, "saves form", id, expected)
        if saved.change:
            self.note(device, kind, id, EDIT, saved.change, expected, {path: opened.saw.get(path, frozenset()) for path in expected})
        else:
            assert not expected, "a save was swallowed"

    def edit_now(self, device: Device) -> None:
        found = self.pick(device)
        if found is None:
            return
        kind, id = found
        shown, acts = self.screen(device, kind, id), self.view(device, kind, id)
        typed = self.something(kind, shown)
        saved = device.ws.write(kind, id, typed)
        self.say(device, "edits", id, typed)
        self.note(device, kind, id, EDIT, saved.change, typed, {path: self.witness.saw(acts, path, shown.get(path)) for path in typed})

    def create(self, device: Device) -> None:
        kind = self.chance.choice(("house", "house", "tree"))
        id = None
        typed = {f"name.{language}": self.fresh(language) for language in self.chance.sample(LANGUAGES, self.chance.randint(1, 2))}
        if self.chance.random() < 0.25:  # the same file imported on several PCs: its ids, mostly its values
            which = self.chance.randint(1, 3)
            kind, id = "house", f"01890000-0000-7000-8000-00000000000{which}"
            typed = {"name.fr": f"Imported {which}", "phone": f"1{which}" if self.chance.random() < 0.7 else self.fresh("phone")}
            if any(act.record == id for act in self.view(device, kind, id)):
                return
        else:
            typed |= {path: value for path, value in self.something(kind, {}).items() if value is not None and value is not False}
        saved = device.ws.create(kind, typed, id=id)
        self.ids[saved.id] = kind
        self.say(device, "creates", saved.id, typed)
        self.note(device, kind, saved.id, CREATE, saved.change, typed, {})

    def delete(self, device: Device) -> None:
        found = self.pick(device)
        if found is None:
            return
        kind, id = found
        acts = self.view(device, kind, id)
        paths = {path for act in acts for path in act.wrote}
        saved = device.ws.delete(kind, id)
        self.say(device, "deletes", id)
        covers = frozenset().union(*(self.witness.saw_all(acts, path) for path in paths))
        self.note(device, kind, id, DELETE, saved.change, {}, {}).covers = covers

    def restore(self, device: Device) -> None:
        gone = [(kind, id) for id, kind in self.ids.items() if self.view(device, kind, id) and hidden(self.view(device, kind, id))]
        if not gone:
            return
        kind, id = self.chance.choice(gone)
        acts = self.view(device, kind, id)
        saved = device.ws.restore(kind, id)
        self.say(device, "restores", id)
        self.note(device, kind, id, RESTORE, saved.change, {}, {}).undoes = frozenset(standing(acts))

    def settle(self, device: Device) -> None:
        conflicts = device.ws.conflicts()
        if not conflicts:
            return
        one = self.chance.choice(conflicts)
        self.conflicts_met += 1
        acts = self.view(device, one.kind, one.id)
        if one.field == "_life":
            keep = self.chance.randint(1, 2)
            paths = {path for act in acts for path in act.wrote}
            saved = device.ws.settle(one.id, "_life", keep=keep)
            self.say(device, "settles", one.id, one.field, keep)
            if keep == 1:
                act = self.note(device, one.kind, one.id, DELETE, saved.change, {}, {})
                act.covers = frozenset().union(*(self.witness.saw_all(acts, path) for path in paths))
            else:
                self.note(device, one.kind, one.id, RESTORE, saved.change, {}, {}).undoes = frozenset(standing(acts))
            return
        offered = [each.value for each in one.values]
        live = living(acts)[one.field]
        assert sorted(map(str, offered)) == sorted(str(each.value) for each in live), "a conflict offers other values than those that live"
        keep = self.chance.randint(1, len(offered))
        new = self.fresh(one.field) if self.chance.random() < 0.3 and one.field != "colour" else offered[keep - 1]
        saved = device.ws.settle(one.id, one.field, value=new) if new != offered[keep - 1] else device.ws.settle(one.id, one.field, keep=keep)
        self.say(device, "settles", one.id, one.field, new)
        self.note(device, one.kind, one.id, EDIT, saved.change, {one.field: new}, {one.field: self.witness.saw_all(acts, one.field)})

    def sync(self, device: Device) -> None:
        faults = [self.chance.choice(("", "", "", "before", "after", "double", torn, bent)) for _ in range(4)]
        looks = self.chance.randint(1, 6) if self.chance.random() < 0.25 else 10**6
        countdown = iter([False] * looks)
        failure = device.tries(*faults, stop=lambda: next(countdown, True))
        self.say(device, "syncs", [fault if isinstance(fault, str) else fault.__name__ for fault in faults], looks, type(failure).__name__)
        assert failure is None or isinstance(failure, Offline | Cancelled | Damaged), repr(failure)
        assert not isinstance(failure, Damaged) or torn in faults or bent in faults, str(failure)
        self.learn()

    def carry(self, device: Device) -> None:
        """A stick takes batches to the server: in pieces, in any order, some twice, some never."""
        ws = device.ws
        with ws.store.transaction():
            batches = ws.vault.batches(10**6)
            pieces = [piece for _, run in batches for piece in self.cut(device, run)]
            ws.vault.mark_tried([one for _, run in batches for one in run])
        self.chance.shuffle(pieces)
        for data in pieces:
            for _ in range(self.chance.choice((0, 1, 1, 1, 2))):
                self.net.authority.commit(data)
        self.say(device, "carries", len(pieces))
        self.learn()

    def cut(self, device: Device, run: list[Any]) -> list[bytes]:
        """A run of changes as signed batches of random lengths."""
        found, start = [], 0
        while start < len(run):
            end = start + self.chance.randint(1, 3)
            found.append(codec.squeeze(codec.pack(device.ws.vault._batch(run[start:end]))))
            start = end
        return found

    def cancel(self, device: Device) -> None:
        items = [item for item in device.ws.outbox() if item.state == "waiting"]
        if not items:
            return
        item = self.chance.choice(items)
        try:
            device.ws.cancel(item.change)
        except Failure as failure:
            assert failure.code == "refused", str(failure)  # something later in this log may have left already
            return
        self.say(device, "cancels", item.id, item.change)
        left = {one.time: one for one in device.ws.outbox()}
        for act in self.witness.acts:
            if act.author == device.name and not act.cancelled and not act.dropped:
                if act.time in left:
                    act.dot = left[act.time].change
                else:
                    act.cancelled = True
        self.forms[device.name].clear()

    def resend(self, device: Device) -> None:
        items = [item for item in device.ws.outbox() if item.state == "refused"]
        if not items:
            return
        item = self.chance.choice(items)
        act = next(act for act in self.witness.acts if act.dot == item.change)
        view, here = self.view(device, act.kind, act.record), self.present(device, act.kind, act.record)
        if act.operation != EDIT or not here or self.chance.random() < 0.3:
            device.ws.cancel(item.change)
            act.dropped = True
            self.say(device, "forgets refused", item.change)
            return
        shown = self.screen(device, act.kind, act.record)
        saved = device.ws.resend(item.change)
        act.dropped = True
        self.say(device, "sends again", act.record, act.typed)
        self.note(device, act.kind, act.record, EDIT, saved.change, act.typed,
                  {path: self.witness.saw(view, path, shown.get(path)) for path in act.typed})

    def restart(self, device: Device) -> None:
        self.forms[device.name].clear()
        device.reopen()

    # what is kept and what must hold

    def note(self, device: Device, kind: str, id: str, operation: int, dot: str, typed: dict[str, Any],
             saw: dict[str, frozenset[Wrote]]) -> Act:
        item = device.ws.outbox()[0]
        assert item.change == dot, "a save is not the newest in the outbox"
        act = Act(device.name, item.time, id, kind, operation, dot, typed=typed)
        act.wrote = {path: Wrote(path, value, saw.get(path, frozenset()), act) for path, value in typed.items()}
        if operation == EDIT:
            assert item.fields == typed, f"typed {typed}, kept {item.fields}"
        self.witness.acts.append(act)
        return act

    def learn(self) -> None:
        """Read the ledger: what became of each save. A verdict never changes."""
        found = self.net.verdicts()
        for act in self.witness.acts:
            if act.dot in found and not act.cancelled:
                number, verdict = found[act.dot]
                assert act.number in (None, number), "a verdict changed"
                act.number, act.accepted = number, verdict == 1

    def look(self, device: Device) -> None:
        """One device after a step: its confirmed copy and its screen."""
        self.check_confirmed(device)
        self.check_screen(device)

    def check_confirmed(self, device: Device) -> None:
        lines = {line["id"]: line for line in map(json.loads, device.ws.export_lines())}
        for id, kind in self.ids.items():
            acts = self.witness.accepted(id, self.head(device, kind))
            if not acts:
                assert id not in lines, f"{id} is confirmed on {device.name} and nobody's creation of it was accepted"
                continue
            wanted = {path: {one.act.number: one.value for one in live} for path, live in living(acts).items()}
            found = {path: dict(map(tuple, live)) for path, live in lines[id]["fields"].items()}
            assert found == wanted, f"live on {device.name} in {id}: {found}, by what people saw: {wanted}"
            self.check_first(device.name, id, acts, lines[id]["fields"])

    def check_first(self, where: str, id: str, acts: list[Act], fields: dict[str, Any]) -> None:
        """The value shown stays shown until someone who saw it replaces it."""
        by_number = {act.number: act for act in acts}
        for path, live in fields.items():
            now = by_number[live[0][0]].wrote[path]
            before = self.shown.get((where, id, path))
            assert before in (None, now) or before in now.beneath, f"{path} of {id} on {where}: {before and before.value} gave way to {now.value}, unseen"
            self.shown[where, id, path] = now

    def check_screen(self, device: Device) -> None:
        open_now = {(one.id, one.field) for one in device.ws.conflicts()}
        wanted: set[tuple[str, str]] = set()
        for id, kind in self.ids.items():
            acts = self.view(device, kind, id)
            assert self.present(device, kind, id) == bool(acts and not hidden(acts)), f"{id} on {device.name}: hidden wrongly or not"
            if not acts or hidden(acts):
                continue
            wanted |= {(id, path) for path in self.witness.conflicts(acts)}
            shown = self.screen(device, kind, id)
            mine = self.witness.waiting(id, device.name, self.head(device, kind))
            own = {path: one.value for act in mine for path, one in act.wrote.items()}
            for path, live in living(acts).items():
                if path in own and "#" not in path:
                    assert shown.get(path) == own[path], f"{device.name} does not see their own {path}"
                elif path.startswith("tags#"):
                    assert bool(shown.get(path)) == any(one.value is True for one in live), f"{path}: adding does not win"
                elif path == "opened":
                    assert shown.get(path) == max(live, key=lambda one: one.act.number or 0).value, "the latest is not shown"
                else:
                    assert shown.get(path) in [one.value for one in live], f"{path} shows what nobody left there"
            assert {path for path in shown if path not in living(acts)} == set(), "shown from nowhere"
        assert open_now == wanted, f"conflicts on {device.name}: {open_now}, by what people saw: {wanted}"

    def heal(self) -> None:
        self.say(self.devices[0], "heal")
        self.net.heal()
        self.learn()
        for act in self.witness.acts:
            assert act.cancelled or act.number is not None, f"{act.author}'s save of {act.record} has no verdict"
        for device in self.devices:
            self.look(device)
            self.check_outbox(device)
        self.net.in_step()
        for device in self.devices:
            again = device.sync()
            assert (again.sent, again.accepted, again.refused, again.received) == (0, 0, 0, 0), "a further sync moves something"
        assert len({json.dumps(device.ws.digest()) for device in self.devices}) == 1

    def check_outbox(self, device: Device) -> None:
        items = {item.change: item for item in device.ws.outbox()}
        for act in self.witness.acts:
            if act.author == device.name and act.accepted is False and not act.dropped and not act.cancelled:
                item = items[act.dot]
                assert item.state == "refused", "a refusal did not reach its author"
                assert str(item.reason), "a refusal without a reason"
                assert {path: value for path, value in item.fields.items() if value is not None} == {
                    path: value for path, value in act.typed.items() if value is not None}, "the text typed is gone"

    # how the screen is read

    def head(self, device: Device, kind: str) -> int:
        found = device.ws.heads().get(SCOPE[kind])
        return found.number if found else 0

    def view(self, device: Device, kind: str, id: str) -> list[Act]:
        return self.witness.view(id, device.name, self.head(device, kind))

    def screen(self, device: Device, kind: str, id: str) -> dict[str, Any]:
        return device.kinds[kind].split(dict(device.ws.get(kind, id)))

    def present(self, device: Device, kind: str, id: str) -> bool:
        return bool(device.ws.by_ids(kind, [id]))

    def gone(self, device: Device, kind: str, id: str) -> bool:
        acts = self.view(device, kind, id)
        return not acts or hidden(acts)

    def pick(self, device: Device) -> tuple[str, str] | None:
        here = [(kind, id) for id, kind in self.ids.items() if self.present(device, kind, id)]
        return self.chance.choice(here[-4:]) if here else None  # few records, so that people meet

    def something(self, kind: str, shown: dict[str, Any]) -> dict[str, Any]:
        """Values by path as somebody types them into one to three parts."""
        paths = [*FLAT[kind], *(f"name.{language}" for language in LANGUAGES)]
        if kind == "house":
            paths += ["colour", "colour", *(f"tags#{colour}" for colour in COLOURS), "facts#a", "facts#b"]
        typed: dict[str, Any] = {}
        for path in self.chance.sample(paths, self.chance.randint(1, 3)):
            if path.startswith("tags#"):
                typed[path] = not shown.get(path)
            elif path == "colour":
                typed[path] = self.chance.choice(COLOURS)
            else:
                typed[path] = None if self.chance.random() < 0.1 else self.fresh(path)
        return typed

    def fresh(self, word: str) -> str:
        self.counter += 1
        return f"{word} {self.counter}"

    def say(self, device: Device, *words: Any) -> None:
        self.trace.append(" ".join(map(str, (device.name, *words))))


def whole(device: Device, kind: str, shown: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """Whole values by field, as a form hands them in: what was shown with what was typed."""
    known = device.kinds[kind]
    fields = {known.field_of(path)[0].name for path in typed}  # type: ignore[index]
    values = known.join({**shown, **typed})
    return {name: values.get(name) for name in fields}


def torn(answer: bytes) -> bytes:
    """An answer of which only a part arrived."""
    return answer[: len(answer) * 2 // 3]


def bent(answer: bytes) -> bytes:
    """An answer with one bit turned."""
    at = len(answer) // 2
    return answer[:at] + bytes([answer[at] ^ 4]) + answer[at + 1 :]
