"""Library records as a reader sees them: icon, length, size and its cost, licence in plain words; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.kit.tokens import READING
from i18n import Text, language, t, tn
from i18n.values import duration, listing, size
from resources import codes
from resources.kept_files import seconds
from resources.starter import shelf
from sync.record import Record

__all__ = [
    "READING", "TYPE_ICONS", "code_words", "cost", "icon_of", "length", "licence_sentence", "licence_short", "media_words", "meta", "other_title",
]

TYPE_ICONS = {
    "guide": "guide", "story": "story", "form": "file_sheet", "report": "file_text", "law": "settle", "video": "file_video",
    "audio": "file_audio", "image": "file_image", "dataset": "file_sheet",
}
_MEDIA_ICONS = (
    ("application/pdf", "file_pdf"), ("application/epub", "file_book"), ("image/", "file_image"), ("audio/", "file_audio"),
    ("video/", "file_video"), ("text/html", "file_web"), ("text/", "file_text"),
)
_MEDIA_WORDS = (
    ("application/pdf", "PDF"), ("application/epub", "EPUB"), ("image/", Text("picture")), ("audio/", Text("sound")), ("video/", Text("film")),
    ("text/html", Text("web page")), ("text/", Text("text")),
)
# What a reader may do, and what that means here.
_LICENCES = {
    "cc0": Text("Public domain: anyone may copy it, change it and share it."),
    "cc_by": Text("You may copy, change and share it, if you name its author."),
    "cc_by_sa": Text("You may copy, change and share it, if you name its author and share what you make of it under the same licence."),
    "cc_by_nc": Text("You may copy, change and share it without earning money from it, if you name its author."),
    "cc_by_nc_sa": Text("You may copy, change and share it without earning money from it, naming its author, under the same licence."),
    "cc_by_nd": Text("You may copy and share it as it is, if you name its author; do not change it."),
    "cc_by_nc_nd": Text("You may copy and share it as it is, without earning money from it, if you name its author."),
    "official": Text("An official text: anyone may copy and share it."),
    "permission": Text("Shared with its author’s permission: copy it as it is, and ask before changing it."),
    "all_rights": Text("All rights reserved: read it here, and ask its author before copying it."),
    "": Text("Nobody knows what may be done with it. Its title is shared, its file stays on the PC where it was added."),
}


def icon_of(item: Record) -> str:
    """The drawing for an item: by its type, else by its file."""
    if item.kind.name == "collection":
        return "collection"
    if item["type"] in TYPE_ICONS:
        return TYPE_ICONS[item["type"]]
    media = item["file"]["type"] if item["file"] else ""
    return next((icon for start, icon in _MEDIA_ICONS if media.startswith(start)), "file")


def media_words(media: str) -> str:
    """What sort of file it is, in a word, or ""."""
    return next((str(words) for start, words in _MEDIA_WORDS if media.startswith(start)), "")


def code_words(choices: Mapping[str, Text], code: str | None) -> str:
    """The name of a code; the code itself when a newer program wrote it."""
    return str(choices.get(code, code)) if code else ""


def other_title(record: Record) -> str:
    """The title in the script that the reader's language is not written in, or ""."""
    texts = record["title"] or {}
    wanted = ("fr", "en", "so", "aa") if language() == "ar" else ("ar",)
    found = next((texts[code] for code in wanted if texts.get(code)), "")
    return found if found != record.title else ""


def length(item: Record) -> str:
    """How long it is: pages, or minutes of a guide of ours, or ""."""
    if item["pages"]:
        return tn("{n} page", "{n} pages", int(item["pages"]))
    if shelf.is_starter(item):
        return tn("{n} minute to read", "{n} minutes to read", shelf.minutes(item))
    return ""


def meta(item: Record) -> str:
    """`Guide · French · 12 pages`."""
    parts = (code_words(codes.ITEM_TYPES, item["type"]), code_words(codes.LANGUAGES, item["language"]), length(item))
    return " · ".join(part for part in parts if part)


def cost(count: int) -> str:
    """`1.2 MB · about 2 minutes on a slow link`; small files cost nothing worth a word."""
    if seconds(count) < 10:
        return size(count)
    return t("{size} · about {time} on a slow link", size=size(count), time=duration(seconds(count)))


def licence_short(item: Record) -> str:
    """The name of the licence for a card."""
    return code_words(codes.LICENCES, item["licence"]) if item["licence"] not in (None, "unknown") else t("Licence unknown")


def licence_sentence(licence: str | None) -> str:
    """What one may do with it."""
    return str(_LICENCES.get(licence or "", _LICENCES[""]))


def said(field: Any, item: Record) -> str:
    """Codes of a set as a phrase."""
    known = field.shape.codes()
    return str(listing([known.get(code, code) for code in item[field.name] or ()]))
