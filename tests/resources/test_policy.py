"""The table of rights: who reads which scope, who writes what, and a reason for every no."""

from __future__ import annotations

from itertools import product

import pytest

from resources import KINDS, policy
from sync.actor import Actor
from sync.rules import OPERATIONS

ME, OTHER, OURS, THEIRS = (f"01990000-0000-7000-8000-00000000000{number}" for number in range(4))
SCOPES = ("public", "network", "moderator", f"org:{OURS}", f"org:{THEIRS}", f"person:{ME}", f"person:{OTHER}")
OWN_PLACES = {"network", "public", f"org:{OURS}", f"person:{ME}"}
READ = {
    "guest": {"public"},
    **dict.fromkeys(("member", "editor", "trainer", "partner"), OWN_PLACES),
    **dict.fromkeys(("moderator", "administrator"), OWN_PLACES | {"moderator"}),
}


def actor(role: str) -> Actor:
    return Actor(role) if role == "guest" else Actor(role, ME, (OURS,))


@pytest.mark.parametrize("role", policy.ROLES)
def test_who_reads_what(role: str) -> None:
    assert {scope for scope in SCOPES if policy.reads(actor(role), scope)} == READ[role]
    assert policy.reads(actor(role), "control")
    for scope in SCOPES:
        assert (policy.may(actor(role), "read", "organisation", None, scope) is None) == (scope in READ[role])


@pytest.mark.parametrize(("role", "operation", "kind", "id", "scope", "reason"), [
    ("guest", "read", "organisation", OTHER, "public", None),
    ("guest", "create", "organisation", OTHER, "public", "guest"),
    ("guest", "create", "contact", OTHER, "network", "guest"),
    ("guest", "read", "person", OTHER, "network", "members_only"),
    ("member", "create", "organisation", OTHER, "public", None),
    ("member", "edit", "organisation", OTHER, "public", None),
    ("member", "verify", "organisation", OTHER, "public", "verify"),
    ("editor", "verify", "organisation", OTHER, "public", "verify"),
    ("moderator", "verify", "organisation", OTHER, "public", None),
    ("administrator", "verify", "organisation", OTHER, "public", None),
    ("partner", "verify", "organisation", OTHER, "public", "partner"),
    ("trainer", "delete", "contact", OTHER, "network", None),
    ("moderator", "restore", "contact", OTHER, "network", "withdrawn"),
    ("member", "restore", "organisation", OTHER, "public", None),
    ("member", "create", "contact", OTHER, "moderator", "moderators_only"),
    ("moderator", "create", "contact", OTHER, "moderator", None),
    ("partner", "read", "project", OTHER, "public", None),
    ("partner", "edit", "project", OTHER, "public", "partner"),
    ("partner", "restore", "project", OTHER, "public", "partner"),
    ("member", "edit", "person", OTHER, "network", "own_name"),
    ("administrator", "edit", "person", OTHER, "network", "own_name"),
    ("partner", "edit", "person", ME, "network", None),
    ("partner", "create", "note", OTHER, f"person:{ME}", None),
    ("member", "create", "note", OTHER, f"person:{OTHER}", "other_person"),
    ("administrator", "edit", "note", OTHER, f"person:{OTHER}", "other_person"),
    ("moderator", "edit", "a_kind_of_next_year", OTHER, f"org:{THEIRS}", "other_organisation"),
    ("partner", "edit", "a_kind_of_next_year", OTHER, f"org:{OURS}", None),
    ("emperor", "read", "organisation", OTHER, "public", "unknown_role"),
    ("moderator", "edit", "a_kind_of_next_year", OTHER, "public", None),
    ("moderator", "edit", "organisation", OTHER, "a_place_of_next_year", "no_place"),
    ("moderator", "edit", "organisation", OTHER, "public:elsewhere", "no_place"),
])
def test_rights(role: str, operation: policy.Operation, kind: str, id: str, scope: str, reason: str | None) -> None:
    answer = policy.may(actor(role), operation, kind, {"id": id}, scope)
    assert answer == (policy.REASONS[reason] if reason else None)


@pytest.mark.parametrize("scope", ["org:", "person:", "org", "person"])
def test_nobody_owns_a_place_without_an_owner(scope: str) -> None:
    """Whoever has no organisation is not in the same one as others who have none."""
    for role in policy.ROLES:
        assert not policy.reads(Actor(role), scope)
        assert policy.may(Actor(role), "create", "note", {"id": ME}, scope) is not None


def test_who_has_no_id_owns_no_name() -> None:
    assert policy.may(Actor("member"), "edit", "person", {"id": ""}, "network") == policy.REASONS["own_name"]
    assert policy.may(Actor("member", ME), "edit", "person", None, "network") == policy.REASONS["own_name"]


def test_nobody_writes_where_they_may_not_read() -> None:
    for role, operation, kind, scope in product(policy.ROLES, policy.OPERATIONS, (*KINDS, "a_kind_of_next_year"), SCOPES):
        if not policy.reads(actor(role), scope):
            assert policy.may(actor(role), operation, kind, {"id": ME}, scope) is not None


def test_the_policy_knows_every_operation_and_every_right_that_a_field_asks_for() -> None:
    assert set(policy.OPERATIONS) >= {*OPERATIONS.values(), *(right for kind in KINDS.values() for right in kind.rights.values())}
    for line in policy.TABLE:
        assert line.operation in ("*", *policy.OPERATIONS)
        assert line.roles == "*" or set(line.roles) <= set(policy.ROLES)
        assert line.kind in ("*", *KINDS)
        assert line.scope in ("*", *policy.READERS)
        assert line.verdict in ("", "own", *policy.REASONS)
    for readers in policy.READERS.values():
        assert not readers.otherwise or readers.otherwise in policy.REASONS


def test_a_field_with_a_right_of_its_own_has_no_parts() -> None:
    assert all(not kind.by_name[name].shape.separator for kind in KINDS.values() for name in kind.rights)


def test_who_speaks_for_two_organisations_reads_and_writes_in_both_and_in_no_third() -> None:
    both = Actor("member", ME, (OURS, OTHER))
    assert [policy.reads(both, f"org:{id}") for id in (OURS, OTHER, THEIRS)] == [True, True, False]
    assert [policy.may(both, "create", "note", {"id": ME}, f"org:{id}") for id in (OURS, OTHER, THEIRS)] == [
        None, None, policy.REASONS["other_organisation"]]
    assert not policy.reads(Actor("member", ME, (OURS[:-1],)), f"org:{OURS}")
    assert not policy.reads(Actor("member", "", ("",)), "person:")


def test_a_withdrawn_device_writes_nothing_and_is_given_nothing() -> None:
    gone = Actor(policy.WITHDRAWN, ME, (OURS,))
    for scope in SCOPES:
        assert not policy.reads(gone, scope)
        for operation in (*OPERATIONS.values(), "verify"):
            assert policy.may(gone, operation, "note", {"id": ME}, scope) == policy.REASONS["withdrawn_device"]  # type: ignore[arg-type]
