"""What the authority says in its ledger about the keys of scopes: who is given which, and when one is renewed; knows no wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sync import scope_keys
from sync.change import Operation
from sync.errors import Damaged
from sync.identity import CERTIFICATE, Certified
from sync.scope_keys import SCOPE_KEY, ScopeKey

if TYPE_CHECKING:
    from sync.authority import Authority

Fact = tuple[Operation, str, Mapping[str, Any], str]


def first(authority: Authority, scope: str) -> list[Fact]:
    """The facts by which a scope gets its first key; none if it has one."""
    if scope in scope_keys.newest(authority.store):
        return []
    return _generation(authority, scope, 1)


def given(authority: Authority, newcomer: Certified) -> dict[str, str]:
    """The keys that a new certificate carries, by path."""
    found = scope_keys.newest(authority.store)
    keys = [scope_keys.made(authority.key, scope, generation) for scope, generation in sorted(found.items()) if authority.gives(newcomer, scope)]
    return _wraps(authority, newcomer, keys)


def gained(authority: Authority, before: Certified, after: Certified) -> dict[str, str]:
    """The keys of what somebody reads from now on and did not read before, by path of their certificate."""
    found = scope_keys.newest(authority.store)
    return _wraps(authority, after, [scope_keys.made(authority.key, scope, generation) for scope, generation in sorted(found.items())
                                     if authority.gives(after, scope) and not authority.gives(before, scope)])


def lost(authority: Authority, before: Mapping[str, Certified], after: Mapping[str, Certified]) -> list[str]:
    """The scopes that somebody of these, by the id of their certificate, read before and does not read now."""
    return [scope for scope in sorted(scope_keys.newest(authority.store))
            if any(authority.gives(one, scope) and not authority.gives(after.get(id), scope) for id, one in before.items())]


def renewed(authority: Authority, scopes: Iterable[str]) -> list[Fact]:
    """The facts by which these scopes get another key, given to who reads them now."""
    found = scope_keys.newest(authority.store)
    return [fact for scope in scopes for fact in _generation(authority, scope, found[scope] + 1)]


def _generation(authority: Authority, scope: str, generation: int) -> list[Fact]:
    key = scope_keys.made(authority.key, scope, generation)
    id, values = scope_keys.fact(key, scope_keys.made(authority.key, scope, generation - 1) if generation > 1 else None)
    facts: list[Fact] = [(Operation.CREATE, id, values, SCOPE_KEY.name)]
    for certificate, one in authority.trust.everyone():
        if authority.gives(one, scope) and (wraps := _wraps(authority, one, [key])):
            facts.append((Operation.EDIT, certificate, wraps, CERTIFICATE.name))
    return facts


def _wraps(authority: Authority, holder: Certified, keys: list[ScopeKey]) -> dict[str, str]:
    try:
        shared = authority.key.shared(holder.key)
    except Damaged:  # no key at all, certified long ago: its holder can open nothing, and keeps nobody else from it
        return {}
    return {scope_keys.path(one): scope_keys.wrapped(one, shared) for one in keys}
