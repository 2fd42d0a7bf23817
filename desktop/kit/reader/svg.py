"""An SVG from anywhere made harmless: nothing loads, nothing runs, nothing multiplies; knows no screen."""

import re
from collections import Counter
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from desktop.kit.reader import trouble

_GONE = frozenset("a animate animateMotion animateTransform foreignObject image script set style".split())
_SHELLS = frozenset({"a"})
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression", re.IGNORECASE)
DEEPEST = 60
MOST_COPIES = 20_000


def safe_svg(data: bytes) -> bytes:
    """The drawing without scripts, links, embedded or outside pictures. Raises Trouble when damaged or a bomb."""
    if data.count(b"<") > 400_000:
        raise trouble.damaged()
    try:
        root = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError, RecursionError) as error:
        raise trouble.damaged() from error
    _prune(root)
    if _copies(root) > MOST_COPIES:
        raise trouble.damaged()
    return tostring(root, encoding="utf-8")


def _local(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else "script"


def _prune(root: Element) -> None:
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        for name, value in list(node.attrib.items()):
            plain = _local(name).lower()
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")) or _OUTSIDE.search(value):
                del node.attrib[name]
        for child in list(node):
            word = _local(child.tag)
            if word in _SHELLS and depth < DEEPEST:
                child.tag = child.tag.replace("}a", "}g") if "}" in child.tag else "g"
                waiting.append((child, depth + 1))
            elif word in _GONE or depth >= DEEPEST:
                node.remove(child)
            else:
                waiting.append((child, depth + 1))


def _copies(root: Element) -> int:
    """How many elements are painted once every `use` stands for what it names; a loop counts as too many."""
    named = {node.get("id"): node for node in root.iter() if node.get("id")}
    known: dict[int, int] = {}
    under_way: Counter[int] = Counter()

    def weight(node: Element) -> int:
        key = id(node)
        if key in known:
            return known[key]
        if under_way[key]:
            return MOST_COPIES + 1
        under_way[key] += 1
        total = 1
        for child in node:
            total += weight(child)
        if _local(node.tag) == "use":
            href = next((v for n, v in node.attrib.items() if _local(n) == "href"), "")
            if href[1:] in named:
                total += weight(named[href[1:]])
        under_way[key] -= 1
        known[key] = min(total, MOST_COPIES + 1)
        return known[key]

    try:
        return weight(root)
    except RecursionError:
        return MOST_COPIES + 1
