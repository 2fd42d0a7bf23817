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


def renewed(authority: Authority, gone: Iterable[Certified]) -> list[Fact]:
    """The facts by which every scope that these had the key of gets another, which they are not given."""
    gone = list(gone)
    found = scope_keys.newest(authority.store)
    return [fact for scope, generation in sorted(found.items()) if any(authority.reads(one.actor, scope) for one in gone)
            for fact in _generation(authority, scope, generation + 1)]


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
