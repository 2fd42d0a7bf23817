"""Strange HTML made harmless: no script, style, frame or address that loads by itself; knows no screen and no network."""

import re

import nh3

from desktop.kit.reader import trouble

GROUPS = frozenset("article aside body details div figcaption figure footer header main nav section summary".split())
BLOCKS = frozenset("blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
_INNER = frozenset(
    "a abbr b bdi bdo br caption cite code dd del dt em i img ins kbd li mark q s samp small span strong sub sup "
    "tbody td tfoot th thead tr u var".split()
)
_DROPPED = frozenset(
    "applet audio button canvas embed form iframe input link math meta noscript object script select source style svg "
    "template textarea title video".split()
)
_EVERYWHERE = {"dir", "lang", "id"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_SELF_ENDING = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr".split()
)
DEEPEST_MARKUP = 600  # open elements; an HTML parser's time grows with their square

LINK_SCHEMES = ("http:", "https:", "mailto:")


def _filter(tag: str, name: str, value: str) -> str | None:
    """Last word on each attribute: images only from inside the document, links only of three schemes or inside."""
    plain = re.sub(r"[\x00-\x20]+", "", value)
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", plain)
    if tag == "img" and name == "src":
        return value if (scheme is None and not plain.startswith("//")) or _EMBEDDED.match(plain) else None
    if tag == "a" and name == "href":
        if plain.startswith("//"):
            return None
        return value if scheme is None or scheme.group().lower() in LINK_SCHEMES else None
    return value


def _depth(markup: str) -> int:
    """How deep elements lie in one another at most, seen from the tags alone."""
    deepest = depth = 0
    for closing, name in _TAG.findall(markup):
        if name.lower() in _SELF_ENDING:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def cleaned(markup: str) -> str:
    """`markup` with nothing left but text, structure, inner images and links of `LINK_SCHEMES`.

    Raises Trouble when elements lie absurdly deep in one another.
    """
    if _depth(markup) > DEEPEST_MARKUP:
        raise trouble.damaged()
    return nh3.clean(
        markup,
        tags=set(GROUPS | BLOCKS | _INNER),
        clean_content_tags=set(_DROPPED - {"meta", "link", "input", "embed", "source"}),
        attributes={"*": _EVERYWHERE, **_ATTRIBUTES},
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "data"},
        strip_comments=True,
        link_rel=None,
    )
