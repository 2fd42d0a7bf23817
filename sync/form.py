"""What a person had before their eyes when they began to write; knows no screen and no database."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from i18n import Text
from sync import codec
from sync.errors import Invalid
from sync.record import Record


@dataclass(frozen=True, slots=True)
class Form:
    """A record as it stood when a form was opened.

    `parts` holds the value shown by path, `seen` the dots of the values shown
    by path, and beneath those not accepted everything that they had seen.
    """

    kind: str
    id: str
    record: Record
    parts: dict[str, Any]
    seen: dict[str, list[bytes]]

    @property
    def token(self) -> str:
        """The form as one word, to be given back with `edit --seen`."""
        packed = codec.squeeze(codec.pack([self.id, self.seen]))
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def seen_of_token(token: str, id: str) -> dict[str, list[bytes]]:
    """What was seen, by path, of a token made by `Form.token` for the same record; Invalid otherwise."""
    wrong = Invalid(Text("This “seen” token does not belong to this record. Take a new one with “dalil show”."))
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise wrong from error
    match codec.unpack(codec.unsqueeze(data, codec.MAX_BATCH)):
        case [str(own), dict(seen)] if own == id:
            return {path: [dot for dot in dots if isinstance(dot, bytes) and len(dot) == 14] for path, dots in seen.items()}
    raise wrong
