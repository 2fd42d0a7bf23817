"""What somebody may not do is not offered, and the page says why; what they may do is."""

from __future__ import annotations

import pytest

from desktop.features.directory.belongings import ContactsCard, ProjectsCard
from desktop.features.directory.feature import commands
from desktop.features.directory.saving import Target
from desktop.kit.text import Label, Paragraph
from resources import policy
from resources.policy import REASONS


def in_role(world, role: str):
    with world.ws.store.transaction():
        world.ws.vault.keep("role", role)
    return world


def said(widget) -> str:
    return " ".join(one.text() for kind in (Label, Paragraph) for one in widget.findChildren(kind) if one.isVisibleTo(widget))


@pytest.fixture
def obock(world) -> str:
    return world.ws.add("organisation", {"name": {"fr": "Pêcheuses d’Obock", "ar": "صيادات أوبوك"}, "region": "DJ-OB", "phone": "+25377341256"}).id


@pytest.mark.parametrize("role", policy.WRITING_ROLES)
def test_a_record_offers_what_the_policy_allows_or_says_why_not(world, obock, role):
    page = in_role(world, role).page()
    page.open("organisation", obock)
    detail = world.detail(page)
    writes = role != "partner"
    assert hasattr(detail, "edit") == hasattr(detail, "delete") == writes == (not page.add.isHidden())
    assert (str(REASONS["partner"]) in said(detail)) == (not writes)
    cards = [detail.area.findChild(one) for one in (ProjectsCard, ContactsCard)]
    assert {one._may >= {"create", "edit", "delete"} for one in cards} == {writes}
    commanded = {one.id: one.enabled() for one in commands(world.context)}
    assert {commanded[name] for name in ("new_organisation", "new_project", "new_place")} == {writes}
    assert commanded["show_map"]


@pytest.mark.parametrize(("role", "verifies"), [("member", False), ("trainer", False), ("moderator", True), ("administrator", True)])
def test_the_mark_of_verification_is_offered_to_the_secretariat_alone(world, obock, role, verifies):
    page = in_role(world, role).page()
    page.side.edit(Target("organisation", obock))
    form = page.side.editor.form
    offered = form.values()
    assert {"verified" in offered, "verified_how" in offered} == {verifies}
    assert "source" in offered
    assert (str(REASONS["verify"]) in said(form)) == (not verifies)


def test_a_member_changes_a_verified_record_and_its_mark_stays(world, obock):
    world.ws.edit("organisation", obock, {"verified": "2026-09-14", "verified_how": "visit"})
    page = in_role(world, "member").page()
    page.side.edit(Target("organisation", obock))
    form = page.side.editor.form
    form.field("phone").editor.set_value("+253 77 00 00 05")
    form._save.click()
    saved = world.ws.get("organisation", obock)
    assert (saved["phone"], saved["verified"], saved["verified_how"]) == ("+253 77 00 00 05", "2026-09-14", "visit")
    assert set(world.ws.outbox()[0].fields) == {"phone"}


@pytest.mark.parametrize(("role", "consents"), [("member", {"network", "public"}), ("moderator", {"network", "public", "moderator"})])
def test_a_contact_is_offered_the_places_where_one_may_put_it(world, obock, role, consents):
    page = in_role(world, role).page()
    page.side.edit(Target("contact", "", obock))
    box = page.side.editor.form.field("consent").editor._box
    assert {box.itemData(at) for at in range(box.count())} == consents | {None}


def test_a_contact_for_the_secretariat_alone_stands_in_its_scope(world, obock):
    page = in_role(world, "moderator").page()
    page.side.edit(Target("contact", "", obock))
    form = page.side.editor.form
    for path, value in (("name", "Hassan Kamil"), ("phone", "77812233"), ("consent", "moderator"), ("consent_date", "2026-08-19")):
        form.field(path).editor.set_value(value)
    form._save.click()
    made, = world.ws.records("contact")
    assert (made.scope, made["consent"]) == ("moderator", "moderator")
    page.open("organisation", obock)
    assert "Seulement le secrétariat du réseau" in said(world.detail(page))


def test_what_is_offered_follows_a_role_that_changes_while_the_page_is_open(world, obock):
    page = in_role(world, "partner").page()
    page.open("organisation", obock)
    assert page.add.isHidden()
    in_role(world, "member")
    world.ws.tell_all()  # as a sync does that brings another certificate
    world.detail(page)
    assert not page.add.isHidden()
    assert hasattr(world.detail(page), "edit")
