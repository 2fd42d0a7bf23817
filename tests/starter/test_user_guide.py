"""The user guide leads somewhere: links open, pictures are ones we make, commands are the design's."""

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
PICTURES = {
    "home",
    "directory",
    "directory-detail",
    "directory-form",
    "directory-map",
    "library",
    "reader",
    "sync-conflict",
    "sync-refused",
    "sync-offline",
    "people-first",
    "people-phrase",
    "people-code",
    "people-locked",
    "people-wrong", "people-restore", "backup", "history", "nearby", "sync-stick", "notes",
    "j3-announced", "j3-conflict", "j3-stick", "j3-brought", "j8-first", "j8-note", "j8-locked", "j8-other", "j8-forgotten", "j8-evening",
}


def links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_pages_and_pictures_have_known_names(page: Path):
    language = "ar" if page.name == "ar.md" else "fr"
    for link in links(page):
        picture = re.fullmatch(r"\.\./pictures/([a-z0-9-]+)-(fr|ar)-light\.png", link)
        if picture:
            assert picture.group(1) in PICTURES
            assert picture.group(2) == language
        else:
            assert (GUIDE / link).is_file(), link


def test_every_page_and_every_picture_is_reached():
    reached = {link for link in links(GUIDE / "index.md") if link.endswith(".md")}
    assert reached == {page.name for page in PAGES} - {"index.md"}
    shown = " ".join(" ".join(links(page)) for page in PAGES)
    assert all(f"/{name}-fr-light.png" in shown for name in PICTURES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_french_is_typeset(page: Path):
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", page.read_text("utf-8"), flags=re.DOTALL)
    if page.name != "ar.md":
        assert "'" not in text
        assert not re.search(r"[^\s|-] [:;?!»]", text)
