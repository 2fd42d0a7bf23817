"""Documents tell the truth: links lead somewhere, commands exist, the changelog knows this version, French stands first."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```", re.S)
LATER = {"docs/pictures/", "docs/benchmarks.md"}  # made by `make pictures` and `make bench`


def documents() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def anchor(title: str) -> str:
    """The name that a heading gets on the usual hosts."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document):
    text = CODE.sub("", document.read_text("utf-8"))
    broken = []
    for link in LINK.findall(text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, place = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        name = target.relative_to(ROOT).as_posix()
        if (not target.exists() and not name.startswith(tuple(LATER))) or (place and target.suffix == ".md" and anchor(place) not in {anchor(line.lstrip("# ")) for line in target.read_text("utf-8").splitlines() if line.startswith("#")}):
            broken.append(link)
    assert broken == []


def test_the_changelog_knows_this_version():
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert first is not None
    assert first.group(1) == project()["version"]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"])
def test_make_targets_exist(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)\b", re.sub(r"(?m)^(?!.*`).*\bmake [a-z]+\b.*$", _only_code, (ROOT / document).read_text("utf-8"))))
    assert named <= targets
    if document == "README.md":
        assert {"run", "test"} <= named


def _only_code(line: re.Match[str]) -> str:
    """A line of a code block begins with the command; prose may say "make" as a verb."""
    return line.group(0) if line.group(0).startswith("make ") else ""


def test_programs_named_in_the_readme_exist():
    named = set(re.findall(r"\.venv/bin/([\w-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert named <= set(project()["scripts"])


def test_modules_named_in_the_makefile_exist():
    for name in re.findall(r"-m ([\w.]+)", (ROOT / "Makefile").read_text("utf-8")):
        if name not in ("pytest",):
            place = ROOT / name.replace(".", "/")
            assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), name


def test_files_named_in_the_architecture_exist():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    named = re.findall(r"`((?:i18n|sync|resources|server|desktop|packaging|tests|docs)/[\w./-]*)`", text)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_french_stands_first():
    readme = (ROOT / "README.md").read_text("utf-8")
    french, english = readme.index("annuaire"), readme.index("directory")
    assert french < english
    guide = (ROOT / "docs" / "guide" / "index.md").read_text("utf-8")
    assert re.search(r"\b(une?|les?|des)\b", guide[:400])
