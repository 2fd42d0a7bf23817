"""Parallel stories (one JSON list, a record a story and language) as library items with their text; knows no reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from i18n import Text
from resources.codes import LANGUAGES
from resources.formats.incoming import Attachment, Incoming, Read, Rejected, cut, read_json
from sync.errors import Invalid
from sync.fields import clean

_LICENCES = {"ccby": "cc_by", "ccbysa": "cc_by_sa", "ccbync": "cc_by_nc", "ccbyncsa": "cc_by_nc_sa", "ccbynd": "cc_by_nd",
             "ccbyncnd": "cc_by_nc_nd", "cc0": "cc0"}
_CREDITS = ("Text", "Illustration", "Translation", "Adaptation")


def read(path: Path) -> Read:
    """One item a story and language; the same story in other languages has the same `asp` identifier."""
    stories = read_json(path)
    if not isinstance(stories, list):
        raise Invalid(Text("“{file}” is not a list of stories.", file=path.name))
    for number, story in enumerate(stories, 1):
        yield _item(path, number, story)


def _item(path: Path, number: int, story: Any) -> Incoming | Rejected:
    if not isinstance(story, dict):
        return Rejected(path, number, Text("This is not a story: its title, its language or its pages are missing."))
    title, language, name = story.get("title"), story.get("lang"), story.get("story")
    pages = [clean(page) for page in story.get("pages") or () if isinstance(page, str) and clean(page)]
    if not (isinstance(title, str) and clean(title) and isinstance(name, str) and name and pages):
        return Rejected(path, number, Text("This is not a story: its title, its language or its pages are missing."))
    if language not in LANGUAGES:
        return Rejected(path, number, Text("The language “{language}” is not one of those of the library.", language=str(language)))
    meta = story.get("meta") if isinstance(story.get("meta"), dict) else {}
    origin = " ".join(str(story[part]) for part in ("repo", "path") if story.get(part))
    values = {
        "title": {language if language in ("fr", "ar", "en", "so", "aa") else "en": cut(title)},
        "language": language,
        "audience": ["children"],
        "licence": licence(str(meta.get("License") or "")),
        "type": "story",
        "subjects": ["reading"],
        "author": cut(str(meta.get("Text") or "")),
        "source": cut(f"African Storybook, {origin}", 500),
        "pages": len(pages),
        "identifiers": {"asp": cut(name, 200)},
    }
    text = _markdown(clean(title), pages, meta, origin)
    attachment = Attachment(f"story-{_plain(name)}.{language}.md", text.encode())
    return Incoming("item", f"story/{name}/{language}", {key: value for key, value in values.items() if value}, path, number,
                    attachment=attachment)


def licence(written: str) -> str:
    """Our code for a licence as written, `[CC-BY]` or a link; `unknown` when it is not said or not recognised."""
    found = written.lower()
    for short in ("by-nc-sa", "by-nc-nd", "by-nc", "by-sa", "by-nd", "by"):
        if f"licenses/{short}/" in found:
            return _LICENCES["cc" + short.replace("-", "")]
    plain = "".join(letter for letter in found.split("/")[0] if letter.isalnum())
    return _LICENCES.get(plain.rstrip("0123456789") if plain != "cc0" else plain, "unknown")


def _markdown(title: str, pages: list[str], meta: dict[str, Any], origin: str) -> str:
    """The story as Markdown: a heading, its pages apart, who made it and under which licence."""
    credits = [f"- {role}: {cut(str(meta[role]))}" for role in (*_CREDITS, "License") if meta.get(role)]
    if origin:
        credits.append(f"- Source: African Storybook, {origin}")
    body = "\n\n* * *\n\n".join(page.replace("\n", "  \n") for page in pages)
    return f"# {title}\n\n{body}\n\n* * *\n\n" + "\n".join(credits) + "\n"


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)[:60]
