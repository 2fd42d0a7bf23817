"""The page of rights says what the policy says, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources import KINDS, policy, rights_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "droits.md"


def test_the_page_is_the_policy_of_today() -> None:
    assert PAGE.read_text("utf-8") == rights_page.page(), "the policy, a kind or a text changed: make rights"


def test_every_role_kind_scope_and_reason_is_on_it() -> None:
    english = rights_page.page().rpartition("\n## ")[2]
    assert set(rights_page.SCOPES) == set(policy.READERS)
    assert set(rights_page.ROLES) == set(policy.ROLES)
    assert set(rights_page.WRITING) == {*policy.OPERATIONS} - {"read"}
    for text in (*rights_page.ROLES.values(), *(kind.plural for kind in KINDS.values() if kind.name != "person")):
        assert text.say("en") in english
    for scope, reason in ((readers, policy.REASONS[one.otherwise]) for readers, one in policy.READERS.items() if one.otherwise):
        assert reason.say("en") in english, scope


def test_a_cell_that_changes_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rights_page.page()
    assert "| Organisations | nothing (5) | everything but: mark as verified (6) | everything | nothing (9) |" in before
    monkeypatch.setattr(policy, "TABLE", (policy.Line(("editor",), "verify", "*", "*", ""), *policy.TABLE))
    policy.verdict_of.cache_clear()
    try:
        assert rights_page.page() != before
    finally:
        monkeypatch.undo()
        policy.verdict_of.cache_clear()
