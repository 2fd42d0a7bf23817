"""A refusal's reason as it travels: the sentence's name and its arguments, translated where it is read."""

from __future__ import annotations

from typing import Any

from i18n import Text
from sync import codec


def packed_reason(reason: Text) -> bytes:
    """The bytes of a reason."""
    return codec.pack(_plain(reason))


def reason_text(data: bytes) -> Text:
    """The reason that bytes hold; a sentence that only a newer program knows stays in English."""
    found = _text(codec.unpack(data))
    return found if isinstance(found, Text) else Text("The server refused this change.")


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return ["text", value.msgid, value.plural, {name: _plain(each) for name, each in value.args.items()}]
    return value if isinstance(value, int) else str(value)


def _text(value: Any) -> Any:
    match value:
        case ["text", str(msgid), str() | None as plural, dict(args)]:
            return Text.received(msgid, plural, {name: _text(each) for name, each in args.items()})
    return value
