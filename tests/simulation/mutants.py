"""Faults planted in the engine, to show that the simulation sees them; each is what a hurried hand might write."""

from __future__ import annotations

from typing import Any

from tests.simulation.planting import Plant


def last_writer_wins() -> tuple[Any, str, Any]:
    """A write replaces whatever stands there, seen or not."""
    from sync import merge

    return merge, "place", lambda live, write, seen, dead=False: live if dead else (write,)


def seen_at_save() -> tuple[Any, str, Any]:
    """What counts as seen is what stands there when the form is saved."""
    from sync.workspace import Workspace

    kept = Workspace.write
    return Workspace, "write", lambda self, kind, id, parts, form=None: kept(self, kind, id, parts)


def last_accepted_is_shown() -> tuple[Any, str, Any]:
    """A write that saw nothing of what stands there is shown first."""
    from sync import merge

    def place(live: Any, write: Any, seen: Any, *, dead: bool = False) -> Any:
        stays = tuple(one for one in live if one.reference not in seen)
        return stays if dead else (write, *stays)

    return merge, "place", place


def deletion_kills() -> tuple[Any, str, Any]:
    """A deleted record is gone whatever its deleter had not seen."""
    from sync import merge

    return merge, "is_gone", lambda state, final=False: bool(state.deletions)


def deletion_undone() -> tuple[Any, str, Any]:
    """Any later edit brings a deleted record back."""
    from sync import merge

    kept = merge.write

    def write(state: Any, *args: Any) -> None:
        state.deletions = ()
        kept(state, *args)

    return merge, "write", write


def cursor_before_commit() -> tuple[Any, str, Any]:
    """The cursor moves in a transaction of its own, before what it stands for."""
    from sync.exchange import taking

    kept = taking.Confirmed.flush

    def flush(self: Any) -> Any:
        if self.searchable and self.store.depth == 1:
            self.store._commit()
            self.store._begin()
        return kept(self)

    return taking.Confirmed, "flush", flush


def refused_kills() -> tuple[Any, str, Any]:
    """What a refused change had seen is dead."""
    from sync.confirmed import Confirmed

    def refused(self: Any, number: int, dot: bytes) -> None:
        self._numbers[dot] = number
        for state in self._states.values():
            if state is not None:
                for path, live in state.parts.items():
                    state.parts[path] = live[1:]

    return Confirmed, "refused", refused


def early_forgotten() -> tuple[Any, str, Any]:
    """A dot that is named before it arrives is not remembered."""
    from sync import merge

    return merge, "_remember", lambda state, path, early: None


def seen_not_flattened() -> tuple[Any, str, Any]:
    """What a refused change had seen is not named by those who saw it."""
    from sync.saving import Seen

    return Seen, "beneath", lambda self, dots, path: list(dict.fromkeys(dots))


def unknown_dropped() -> tuple[Any, str, Any]:
    """A field that this program does not know is not kept."""
    from sync import confirmed

    kept = confirmed.apply_change

    def apply(state: Any, change: Any, *args: Any) -> None:
        known = {"name", "phone", "street", "colour", "tags", "facts", "opened", "_life", "key", "person", "device", "role", "revoked", "organisation"}
        writes = [write for write in change.writes if write.path.replace("#", ".").split(".")[0] in known]
        from msgspec.structs import replace

        kept(state, replace(change, writes=writes), *args)

    return confirmed, "apply_change", apply


def signature_not_checked() -> tuple[Any, str, Any]:
    """Whatever arrives is believed."""
    from sync import ledger

    return ledger, "verifies", lambda public, statement, signature: True


def refusal_swallowed() -> tuple[Any, str, Any]:
    """A refused change leaves the outbox as if it had been accepted."""
    from sync.vault import Vault

    kept = Vault.decide
    return Vault, "decide", lambda self, verdicts: kept(self, [(position, number, None) for position, number, _ in verdicts])


def outbox_forgets() -> tuple[Any, str, Any]:
    """What left is believed to have arrived."""
    from sync.vault import Vault

    def mark(self: Any, changes: Any) -> None:
        self.store.many("UPDATE pending SET tried = 1, state = 'accepted' WHERE position = ?", [(one.position,) for one in changes])

    return Vault, "mark_tried", mark


class _AnyMark(set[bytes]):
    """Marks among which each one is."""

    def __contains__(self, _mark: object) -> bool:
        return True

    def __or__(self, _other: Any) -> Any:
        return self

    __ror__ = __or__

    def __sub__(self, _other: Any) -> Any:
        return set()


def fork_branch_dropped() -> tuple[Any, str, Any]:
    """The second branch of a copied device counts as known already."""
    from sync.deciding import Commit

    kept = Commit._numbers_known

    def known(self: Any, log: bytes, rows: Any) -> Any:
        return {n: _AnyMark() for n in kept(self, log, rows)}

    return Commit, "_numbers_known", known


def any_set_removal_wins() -> tuple[Any, str, Any]:
    """An element that anybody removed is out of the set."""
    from sync import merge

    kept = merge.shown

    def shown(live: Any, *, element: bool = False, latest: bool = False) -> Any:
        return (all(one.value is True for one in live) or None) if element and live else kept(live, element=element, latest=latest)

    return merge, "shown", shown


MUTANTS: dict[str, Plant] = {plant.__name__: plant for plant in (
    last_writer_wins, seen_at_save, last_accepted_is_shown, deletion_kills, deletion_undone, cursor_before_commit, refused_kills, early_forgotten, seen_not_flattened,
    unknown_dropped, signature_not_checked, refusal_swallowed, outbox_forgets, fork_branch_dropped, any_set_removal_wins,
)}


def seeds_until_seen(name: str, most: int, first: int = 0, length: int = 300, plan: str = "alone") -> tuple[int, str] | None:
    """How many seeds it takes until a planted fault breaks a promise, and which; None when `most` are not enough."""
    from tests.simulation import plans, run

    owner, attribute, instead = plans.PLANS[plan].mutants[name]()
    kept = getattr(owner, attribute)
    setattr(owner, attribute, instead)
    try:
        for count in range(1, most + 1):
            found = run.run(first + count - 1, length, eager=True, plan=plan)
            if found.wrong:
                return count, found.wrong[0].splitlines()[0]
        return None
    finally:
        setattr(owner, attribute, kept)
