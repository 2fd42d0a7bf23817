"""What the reader has to show, whatever the file was: sections of blocks, contents, direction; knows no widget."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from desktop.kit.reader.compose import Block
from desktop.kit.reader.fold import spots

SECTION_LETTERS = 7_000  # Arabic of this length is laid out in 16 ms on an old PC of two cores


@dataclass(frozen=True)
class Line:
    """One line of the contents: `level` from 1, `section` from 0 (a page in a PDF), `anchor` an id there or ''."""

    label: str
    level: int
    section: int
    anchor: str = ""


@dataclass(frozen=True)
class Section:
    """A stretch of text shown at once. `html` is clean; `pictures` are the numbers its images name."""

    html: str
    text: str
    ids: frozenset[str] = frozenset()
    pictures: tuple[int, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Prose:
    """A document of running text. `picture(n)` reads the bytes of picture n (slow; None when damaged)."""

    title: str
    rtl: bool
    sections: tuple[Section, ...]
    contents: tuple[Line, ...] = ()
    picture: Callable[[int], bytes | None] = field(default=lambda _number: None, compare=False)
    target: Callable[[str, str], tuple[int, str] | None] = field(default=lambda _part, _href: None, compare=False)
    close: Callable[[], None] = field(default=lambda: None, compare=False)

    def find(self, wanted: str) -> list[tuple[int, int]]:
        """(section, which hit in it from 0) of every hit of `wanted`, accents and case aside."""
        return [
            (number, hit)
            for number, section in enumerate(self.sections)
            for hit in range(len(spots(section.text, wanted)))
        ]


def sections_of(blocks: Iterable[Block], part: str = "") -> list[Section]:
    """Blocks gathered into sections: a new one at each great heading once there is something to read, or when full."""
    made: list[Section] = []
    held: list[Block] = []
    letters = 0
    for block in blocks:
        starts = block.level in (1, 2) and letters > SECTION_LETTERS // 3 and not _only_headings(held)
        if held and (starts or letters + len(block.text) > SECTION_LETTERS):
            made.append(_section(held, part))
            held, letters = [], 0
        held.append(block)
        letters += len(block.text)
    if held:
        made.append(_section(held, part))
    return made


def headings_of(blocks: Iterable[Block]) -> list[tuple[int, str, str]]:
    """(level, words, id) of each heading of levels 1 to 3; every heading carries an id."""
    return [(b.level, " ".join(b.text.split())[:160], b.ids[-1]) for b in blocks if 1 <= b.level <= 3 and b.text and b.ids]


def stepped(levels: Iterable[int], start: int) -> list[int]:
    """Heading levels as steps of a contents list below `start`: the first is one deeper, none skips a step."""
    steps: list[int] = []
    path: list[int] = []
    for level in levels:
        while path and path[-1] >= level:
            path.pop()
        path.append(level)
        steps.append(start + len(path))
    return steps


def named(blocks: list[Block], prefix: str) -> list[Block]:
    """The same blocks, each heading with an id of ours at the end of its ids, so that the contents can reach it."""
    made = []
    for number, block in enumerate(blocks):
        if block.level:
            name = f"{prefix}{number}"
            start = block.html.index(">") + 1
            html = f'{block.html[:start]}<a name="{name}"></a>{block.html[start:]}'
            block = Block(html, block.text, block.level, (*block.ids, name), block.pictures)
        made.append(block)
    return made


def _only_headings(blocks: list[Block]) -> bool:
    return all(block.level for block in blocks)


def _section(blocks: list[Block], part: str) -> Section:
    return Section(
        html="\n".join(block.html for block in blocks),
        text="\n".join(block.text for block in blocks),
        ids=frozenset(name for block in blocks for name in block.ids),
        pictures=tuple(number for block in blocks for number in block.pictures),
        part=part,
    )
