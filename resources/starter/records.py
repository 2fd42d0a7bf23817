"""The shapes of what ships with the app; knows no file, no sync and no record of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

ByLanguage = Mapping[
    str, str
]  # {"fr": …, "ar": …, "en": …}; a language that is not known is absent
Ring = tuple[tuple[float, float], ...]  # (lon, lat) in WGS 84, counter-clockwise, first point once


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set of facts was taken from."""

    name: str
    url: str
    commit: str
    licence: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide written by us, the same content in each of its `languages`."""

    id: str
    slug: str
    title: ByLanguage
    description: ByLanguage
    level: str  # beginner, intermediate or advanced
    audience: tuple[str, ...]
    subjects: tuple[str, ...]
    licence: str
    author: str
    languages: tuple[str, ...]

    def text(self, language: str) -> str:
        """The guide in Markdown; KeyError when it is not written in `language`."""
        if language not in self.languages:
            raise KeyError(language)
        name = self.file_name(language)
        return files("resources.starter").joinpath("guides", name).read_text("utf-8")

    def file_name(self, language: str) -> str:
        """The name of its file, e.g. `simple-budget.fr.md`."""
        return f"{self.slug}.{language}.md"


@dataclass(frozen=True, slots=True)
class Region:
    """One of the six regions; `code` is ISO 3166-2, `wof` the id in Who's On First."""

    id: str
    code: str
    name: ByLanguage
    wof: int
    outline: tuple[Ring, ...]  # the mainland first, then islands; neighbours share points


@dataclass(frozen=True, slots=True)
class Locality:
    """A town or village; `region` is None where its point lies between two outlines."""

    id: str
    wof: int
    name: ByLanguage
    name_in_source: str
    region: str | None
    lat: str  # decimal text, degrees
    lon: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as decimal text with its ISO 4217 currency."""

    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A local or regional association that a published activity names as receiver."""

    id: str
    name: ByLanguage
    acronym: str | None
    aliases: tuple[str, ...]
    region: str | None
    name_as_written: str
    activities: tuple[str, ...]  # IATI identifiers


@dataclass(frozen=True, slots=True)
class Project:
    """What one published activity gave one receiver; `start` and `end` are years."""

    id: str
    organisation: str
    iati: str
    title: ByLanguage
    funder: str
    funder_iati: str
    start: str
    end: str
    amount: Money
    amount_basis: str  # the member of `amounts` shown: disbursed, else committed, else budgeted
    amounts: Mapping[str, Money]  # kinds are never added to one another
    sectors: tuple[str, ...]  # DAC/IATI five-digit codes
