"""What a save writes and what its author had seen; knows no kind, no screen and no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync.confirmed import dots_of
from sync.merge import Reference, State
from sync.overlay import Overlay
from sync.record import Kind
from sync.scopes import schema_of
from sync.vault import ACCEPTED


class Seen:
    """The dots of what is shown of one record, flattened beneath those that are not accepted.

    So nobody ever has to walk through a change that they never received.
    """

    def __init__(self, overlay: Overlay, kind: str, id: str, scope: str) -> None:
        self.overlay = overlay
        self.kind = overlay.kinds[kind]
        self.id = id
        self.scope = scope
        self._known: dict[int, bytes] = {}

    def shown(self, state: State, path: str) -> list[bytes]:
        """The dots of the value displayed: of an element of a set all, else those whose value is the one displayed."""
        live = state.parts.get(path, ())
        known = self.kind.field_of(path)
        whole = known is None or known[0].merge == "latest" or (bool(known[0].shape.separator) and isinstance(live[0].value, bool) if live else False)
        return self.beneath(self.dots([one.reference for one in live if whole or one.value == live[0].value]), path)

    def all(self, state: State, path: str) -> list[bytes]:
        """The dots of all live values of a part."""
        return self.beneath(self.dots([one.reference for one in state.parts.get(path, ())]), path)

    def dots(self, references: Iterable[Reference]) -> list[bytes]:
        """The dots of references."""
        references = list(references)
        wanted = [one for one in references if isinstance(one, int) and one not in self._known]
        if wanted:
            self._known.update(dots_of(self.overlay.store, self.scope, wanted, schema_of(self.scope)))
        return [one if isinstance(one, bytes) else self._known[one] for one in references]

    def beneath(self, dots: Iterable[bytes], path: str) -> list[bytes]:
        """Dots, and beneath each one not known to be accepted everything that it had seen in this part."""
        found: dict[bytes, None] = {}
        for dot in dots:
            found[dot] = None
            pending = self.overlay.vault.of_dot(dot)
            if pending is not None and pending.state != ACCEPTED:
                for write in pending.change.writes:
                    if write.path == path:
                        found.update(dict.fromkeys(write.seen))
        return list(found)


def changed_parts(kind: Kind, shown: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The parts to write so that fields get these whole values (None empties), given the parts shown."""
    parts: dict[str, Any] = {}
    for name, whole in values.items():
        if name not in kind.by_name:
            raise kind.no_field(name)
        field = kind.by_name[name]
        wanted = {kind.path(name, key): value for key, value in field.shape.split(whole).items()}
        own = {path: value for path, value in shown.items() if (known := kind.field_of(path)) and known[0].name == name}
        for path, value in wanted.items():
            if own.get(path) != value:
                parts[path] = value
        for path, value in own.items():
            if path not in wanted and value is not None:
                parts[path] = False if value is True and field.shape.separator == "#" else None
    return parts
