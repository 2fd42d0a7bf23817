"""Changing what somebody agreed to: a contact moves to where it may be seen; knows no page and no command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.contact import KIND, scope_for
from sync.form import Form
from sync.workspace import Saved

CONTACT = KIND.name


def edited(ws: Any, id: str, values: Mapping[str, Any], opened: Form | str | None = None) -> Saved:
    """Change a contact; answers with its id, another one if it moved.

    A record lives in one scope for life: to show a contact to others, or to
    fewer, is to withdraw it where it stands and to write it anew there.
    `values` are whole values by field name, `opened` what `Workspace.edit` takes.
    """
    record = ws.get(CONTACT, id)
    if "consent" not in values or scope_for(values["consent"]) == record.scope:
        return ws.edit(CONTACT, id, values, *([opened] if opened is not None else []))  # type: ignore[no-any-return]
    whole = {name: value for name, value in {**record, **values}.items() if value is not None}
    with ws.together():
        ws.delete(CONTACT, id)
        return ws.add(CONTACT, whole, scope_for(values["consent"]))  # type: ignore[no-any-return]
