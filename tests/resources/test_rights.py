"""What a person at a workspace is told of their rights, and a contact that moves with what its person agreed to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from i18n import Text
from resources import KINDS, consenting, contact, policy, rights
from sync.actor import Actor
from sync.appointing import appoint
from sync.authority import Authority
from sync.errors import Refused
from sync.exchange import sync
from sync.files import Files
from sync.identity import SigningKey
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.relay.holding import Holding
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock

ORGANISATION = "01990000-0000-7000-8000-0000000000aa"
CONTACT = {"organisation": ORGANISATION, "name": "Fatouma", "phone": "+253 77 00 00 02", "consent": "network", "consent_date": "2026"}
Joined = Callable[..., Workspace]


@pytest.fixture
def road(tmp_path: Path) -> Direct:
    authority = Authority(SqliteStore(tmp_path / "server.db"), KINDS, SigningKey(os.urandom(32)), policy.may, wall_clock, os.urandom, reads=policy.reads)
    authority.begin()
    return Direct(authority, Files(tmp_path / "files"))


@pytest.fixture
def joined(tmp_path: Path, road: Direct) -> Iterator[Joined]:
    """Somebody in a role: `joined("member")`."""
    people: list[Workspace] = []

    def make(role: str, organisation: str = "") -> Workspace:
        ws = Workspace(tmp_path / f"{role}{len(people)}", KINDS)
        people.append(ws)
        person, device = (uuid7(wall_clock(), os.urandom) for _ in range(2))
        road.authority.certify(ws.vault.key().public, person, device, role, organisation.split())
        with ws.together():
            for setting, value in (("authority", road.authority.key.public), ("role", role), ("person", person), ("device", device),
                                   ("organisation", organisation)):
                ws.vault.keep(setting, value)
        return ws

    yield make
    for ws in people:
        ws.close()


def test_who_asks_is_whom_the_last_sync_knew(joined: Joined, tmp_path: Path) -> None:
    ws = joined("trainer", ORGANISATION)
    assert rights.actor_of(ws) == Actor("trainer", ws.status().person, (ORGANISATION,))
    alone, guest = Workspace(tmp_path / "alone", KINDS), Workspace(tmp_path / "guest", KINDS, guest=True)
    assert rights.actor_of(alone) == Actor("member")
    assert rights.actor_of(guest) == Actor("guest")
    assert rights.refusal(alone, "organisation", "create") is None
    assert rights.refusal(guest, "organisation", "create") == policy.REASONS["guest"]
    alone.close()
    guest.close()


def test_a_no_is_known_before_it_is_done(joined: Joined) -> None:
    partner, moderator = joined("partner"), joined("moderator")
    kept = moderator.add("organisation", {"name": {"fr": "A"}})
    record = moderator.get("organisation", kept.id)
    assert rights.refusal(partner, "organisation", "edit", record) == policy.REASONS["partner"]
    assert rights.refusal(moderator, "organisation", "edit", record) is None
    assert rights.allowed(partner, ("organisation", "project")) == frozenset()
    assert rights.allowed(moderator, ("project", "contact")) == {
        *((one, "project") for one in ("create", "edit", "delete", "restore")), *((one, "contact") for one in ("create", "edit", "delete"))}


@pytest.mark.parametrize(("role", "closed", "consents"), [
    ("member", {"verified", "verified_how"}, {"network", "public"}), ("moderator", set(), {"network", "public", "moderator"})])
def test_a_form_offers_what_may_be_written(joined: Joined, role: str, closed: set[str], consents: set[str]) -> None:
    ws = joined(role)
    found = rights.limits(ws, KINDS["organisation"])
    assert set(found.closed) == closed
    assert set(found.closed.values()) <= {policy.REASONS["verify"]}
    assert found.left == {}
    assert rights.limits(ws, KINDS["contact"]).left == {"consent": consents}


def test_what_will_be_refused_is_foreseen_and_is_refused(joined: Joined, road: Direct) -> None:
    member = joined("member")
    verified = {"name": {"fr": "A"}, "verified": "2026-11-01"}
    kind, saved = KINDS["organisation"], member.add("organisation", verified)
    assert rights.foreseen(member, kind, "create", verified, saved.id, "public") == policy.REASONS["verify"]
    assert rights.foreseen(member, kind, "create", {"name"}, saved.id, "public") is None
    assert sync(member, road).refused == 1
    assert member.outbox()[0].reason == policy.REASONS["verify"]


@pytest.mark.parametrize(("role", "expected"), [("member", policy.REASONS["verify"]), ("moderator", None), ("partner", policy.REASONS["partner"])])
def test_who_may_choose_between_two_values(joined: Joined, road: Direct, role: str, expected: Text | None) -> None:
    ana, bilal, ws = joined("moderator"), joined("moderator"), joined(role)
    id = ana.add("organisation", {"name": {"fr": "A"}}).id
    for one in (ana, bilal, ws):
        sync(one, road)
    ana.edit("organisation", id, {"verified": "2026-11-01"})
    bilal.edit("organisation", id, {"verified": "2026-10-01"})
    for one in (ana, bilal, ws):
        sync(one, road)
    conflict, = ws.conflicts()
    assert rights.refusal_to_settle(ws, conflict) == expected


@pytest.mark.parametrize(("before", "after"), [("network", "public"), ("public", "network"), ("network", "moderator"), ("moderator", "public")])
def test_a_contact_moves_with_its_consent_and_leaves_nothing_behind(joined: Joined, road: Direct, before: str, after: str) -> None:
    office = joined("moderator")
    saved = office.add("contact", CONTACT | {"consent": before}, contact.scope_for(before))
    sync(office, road)
    moved = consenting.edited(office, saved.id, {"consent": after, "name": "Fatouma Ali"})
    assert moved.id != saved.id
    assert sync(office, road).refused == 0
    record, = office.records("contact")
    assert (record.id, record.scope, record["consent"], record["name"]) == (moved.id, after, after, "Fatouma Ali")
    same = consenting.edited(office, moved.id, {"consent": after, "phone": "+253 77 00 00 03"})
    assert same.id == moved.id
    assert sync(office, road).refused == 0


@pytest.mark.parametrize(("stands", "says"), [("public", "network"), ("network", "moderator"), ("network", "public")])
@pytest.mark.parametrize("edited", [False, True])
def test_the_server_takes_no_contact_into_a_place_that_its_person_did_not_agree_to(joined: Joined, road: Direct, stands: str, says: str, *,
                                                                                  edited: bool) -> None:
    member = joined("member")
    if edited:
        id = member.add("contact", CONTACT | {"consent": stands}, stands).id
        sync(member, road)
        member.edit("contact", id, {"consent": says})
    else:
        member.add("contact", CONTACT | {"consent": says}, stands)
    assert sync(member, road).refused == 1
    reason = member.outbox()[0].reason
    assert reason is not None
    assert "agreed to" in reason.msgid
    if edited:
        assert member.get("contact", id)["consent"] == stands
        member.edit("contact", id, {"phone": "+253 77 00 00 04"})
        assert sync(member, road).accepted == 1


def test_a_withdrawal_closes_writing_and_leaves_everything_to_read(joined: Joined, road: Direct) -> None:
    """Heard from a stick or from the server: what is here stays, what was saved before waits for its verdict, nothing more can be saved."""
    ws, other = joined("member"), joined("moderator")
    for one in (ws, other):
        rights.guard(one)
    kept = ws.add("organisation", {"name": {"fr": "A"}})
    note = ws.add("note", {"text": "à moi"})
    sync(ws, road)
    sync(other, road)
    road.authority.revoke(ws.vault.word("device"))
    waiting = ws.edit("organisation", kept.id, {"phone": "+253 77 00 00 04"})  # nobody here has heard
    sync(other, road)
    there = Holding(ws)
    there.take(list(Holding(other).give(there.have())))
    why = policy.REASONS["withdrawn_device"]
    record = ws.get("organisation", kept.id)
    assert rights.actor_of(ws).role == policy.WITHDRAWN
    assert {rights.refusal(ws, kind) for kind in KINDS} == {why}
    assert rights.refusal(ws, "organisation", "edit", record) == why
    assert rights.allowed(ws, KINDS) == frozenset()
    for write in (lambda: ws.add("organisation", {"name": {"fr": "B"}}), lambda: ws.edit("organisation", kept.id, {"phone": None}),
                  lambda: ws.delete("organisation", kept.id), lambda: ws.edit("note", note.id, {"text": "encore"})):
        with pytest.raises(Refused) as refused:
            write()
        assert (refused.value.code, refused.value.message) == ("revoked", why)
    assert ws.get("note", note.id)["text"] == "à moi"
    ws.keep_draft("organisation", kept.id, {"phone": "77"})  # what is being typed is not lost
    assert sync(ws, road).refused == 1
    ws.cancel(waiting.change)  # read, and put away
    assert ws.status().refused == 0
    assert other.add("organisation", {"name": {"fr": "C"}}).id


def test_another_role_opens_what_it_may(joined: Joined, road: Direct) -> None:
    ws = joined("partner")
    sync(ws, road)
    assert rights.allowed(ws, ("organisation",)) == frozenset()
    appoint(road.authority, ws.vault.word("person"), "moderator", [ORGANISATION])
    sync(ws, road)
    assert rights.actor_of(ws) == Actor("moderator", ws.vault.word("person"), (ORGANISATION,))
    assert rights.limits(ws, KINDS["organisation"]).closed == {}
    assert rights.scope_of_new("org", rights.actor_of(ws)) == f"org:{ORGANISATION}"
