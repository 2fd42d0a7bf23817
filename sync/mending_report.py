"""What opening a folder mended, as a report that names nobody: for a message to whoever helps; knows no screen."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from i18n import Text
from sync.migrations import STEPS

_PUBLIC = "public.db"


def report(repaired: Sequence[Text], now: int) -> str:
    """Lines to paste into a message: when, on what system, each sentence without the name that stands in a file's name."""
    when = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="minutes")
    head = f"Dalil · {when} · {platform.system()} {platform.release()} · schema {max(STEPS)}"
    return "\n".join([head, *(str(without_names(one)) for one in repaired)])


def without_names(said: Text) -> Text:
    """A sentence in which a person's file is called `person.db`."""
    args = dict(said.args)
    file = args.get("file")
    if isinstance(file, str) and not file.startswith(_PUBLIC):
        args["file"] = "person.db" + (file[file.rindex(".damaged-"):] if ".damaged-" in file else "")
    return Text.received(said.msgid, said.plural, args)
