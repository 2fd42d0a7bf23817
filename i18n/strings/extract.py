"""Finds the texts of the tree by reading its syntax; imports and runs nothing of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from i18n.template import fields_of

# The rooms that people see texts of; tests say what they like.
ROOMS = ("i18n", "sync", "resources", "server", "desktop")


@dataclass(frozen=True)
class Message:
    """One text as the source says it. Attributes: English singular, English plural or None, first place."""

    msgid: str
    plural: str | None
    place: str


@dataclass(frozen=True)
class Found:
    """What a tree says. Attributes: messages sorted by msgid, problems in words, number of files read."""

    messages: list[Message]
    problems: list[str]
    files: int


def extract(root: Path, rooms: tuple[str, ...] = ROOMS) -> Found:
    """All texts given to t, tn, Text and Text.counted under the rooms of a tree."""
    messages: dict[str, Message] = {}
    problems: list[str] = []
    files = [path for room in rooms for path in sorted((root / room).rglob("*.py"))]
    for path in files:
        place = path.relative_to(root).as_posix()
        for said in texts_of(path.read_text(encoding="utf-8"), place):
            if isinstance(said, str):
                problems.append(said)
                continue
            known = messages.get(said.msgid)
            if known is None or known.plural is None:
                messages[said.msgid] = said if said.plural or known is None else known
            elif said.plural not in (None, known.plural):
                problems.append(f"{said.place}: {said.msgid!r} has another plural at {known.place}")
    return Found([messages[key] for key in sorted(messages)], problems, len(files))


def texts_of(source: str, place: str) -> Iterator[Message | str]:
    """The messages of one Python source, and in words what is wrong with its calls."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"{place}:{error.lineno}: cannot be read as Python"
        return
    names = _names_of(tree)
    if not names:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            word = _word(node.func, names)
            if word:
                yield _message(node, word, f"{place}:{node.lineno}")


def _names_of(tree: ast.Module) -> dict[str, str]:
    """Local name -> what it means here, for everything imported from the languages' room."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "i18n":
            for alias in node.names:
                if alias.name in ("t", "tn", "Text"):
                    names[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "i18n":
                    names[alias.asname or "i18n"] = "i18n"
    return names


def _word(func: ast.expr, names: dict[str, str]) -> str | None:
    """Which of t, tn, Text, Text.counted is called, if any."""
    dotted = ast.unparse(func) if isinstance(func, ast.Name | ast.Attribute) else ""
    first, _, rest = dotted.partition(".")
    meaning = names.get(first)
    if meaning == "i18n":
        meaning, _, rest = rest.partition(".")
    word = f"{meaning}.{rest}" if rest else meaning
    return word if word in ("t", "tn", "Text", "Text.counted") else None


def _message(call: ast.Call, word: str, place: str) -> Message | str:
    counted = word in ("tn", "Text.counted")
    wanted = 2 if counted else 1
    literals = [node.value for node in call.args[:wanted] if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if len(literals) < wanted:
        return f"{place}: {word}() takes plain literal English, got {ast.unparse(call)[:80]}"
    given = {keyword.arg for keyword in call.keywords}
    missing = set().union(*map(fields_of, literals)) - given - ({"n"} if counted else set())
    if missing and None not in given:
        return f"{place}: no value for {', '.join(sorted(missing))} in {literals[0]!r}"
    return Message(literals[0], literals[1] if counted else None, place)
