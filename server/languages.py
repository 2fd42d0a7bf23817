"""In which language whoever asks over HTTP wants to read; knows no route."""

from __future__ import annotations

from i18n import nearest


def asked(header: str) -> str:
    """The language of an Accept-Language header (RFC 9110 §12.5.4) that the product speaks; French otherwise."""
    wishes: list[tuple[float, str]] = []
    for wish in header[:500].split(","):
        tag, _, weight = wish.partition(";")
        try:
            liking = float(weight.partition("=")[2]) if weight else 1.0
        except ValueError:
            continue
        if liking > 0:
            wishes.append((-liking, tag.strip()))
    return nearest(*(tag for _, tag in sorted(wishes, key=lambda one: one[0])))
