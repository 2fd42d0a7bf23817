"""The cards of items and collections; knows no widget."""

from __future__ import annotations

from desktop.features.library import words
from desktop.features.library.card_grid import Card
from desktop.kit.lists import Mark
from i18n import t, tn
from i18n.values import size
from resources.starter import shelf
from sync.record import Record

__all__ = ["card_of", "collection_card"]


def card_of(item: Record, *, kept: bool) -> Card:
    """An item: what it is, whether it opens now or what fetching costs, its licence."""
    if shelf.is_starter(item):
        mark = Mark(t("Comes with Dalil"), "good", "verified")
    elif item.conflicts:
        mark = Mark(tn("{n} field to settle", "{n} fields to settle", item.conflicts), "attention", "settle")
    elif kept:
        mark = Mark(t("On this PC"), "good", "verified")
    elif item["file"]:
        mark = Mark(t("To fetch: {size}", size=size(item["file"]["size"])), "muted", "download")
    else:
        mark = Mark(t("No file"), "muted", "unverified")
    other = words.other_title(item) or item["author"] or words.said(item.kind.by_name["subjects"], item)
    return Card(item.id, item.title, other, words.meta(item), mark, words.icon_of(item), words.licence_short(item))


def collection_card(collection: Record) -> Card:
    """A collection and how much is in it."""
    count = tn("{n} document", "{n} documents", len(collection["items"] or ()))
    about = collection.text("description")
    return Card(collection.id, collection.title, words.other_title(collection), about, Mark(count, "muted", "file"), "collection")
