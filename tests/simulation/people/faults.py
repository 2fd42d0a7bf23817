"""Faults planted where many share PCs and roads; each is what a hurried hand might write."""

from __future__ import annotations

from typing import Any

from tests.simulation.planting import Plant


def hand_not_looked_at() -> tuple[Any, str, Any]:
    """A parcel is kept whoever signed it."""
    from sync.relay import holding

    return holding, "is_signed", lambda parcel, public: True


def keys_not_renewed() -> tuple[Any, str, Any]:
    """When somebody leaves, the key of what they read stays."""
    from sync import granting

    return granting, "renewed", lambda authority, scopes: []


def first_key_for_ever() -> tuple[Any, str, Any]:
    """What is sealed is sealed with the first key that its author was given."""
    from sync.keyring import Keyring

    def keep(self: Any, key: Any, facts: Any) -> None:
        kept(self, key, facts)
        oldest = min((one for one in self._by_name.values() if one.scope == key.scope), key=lambda one: one.generation)
        self._newest[key.scope] = oldest

    kept = Keyring._keep
    return Keyring, "_keep", keep


def box_not_opened() -> tuple[Any, str, Any]:
    """Whoever comes back does not hear what the box holds for them."""
    from sync.exchange.report import Report
    from sync.posting import Posting

    return Posting, "open", lambda self: Report()


def nothing_kept_for_others() -> tuple[Any, str, Any]:
    """What one person's sync brings is kept for nobody else on the PC."""
    from sync.posting import Posting

    return Posting, "keep_for_others", lambda self: 0


def given_to_everybody() -> tuple[Any, str, Any]:
    """Whoever asks is given the pages of every scope."""
    from sync.authority import Authority

    return Authority, "gives", lambda self, signer, scope: True


def given_to_members() -> tuple[Any, str, Any]:
    """Members are given the pages of what belongs to some of them."""
    from sync.authority import Authority

    return Authority, "gives", lambda self, signer, scope: scope in ("control", "public") or (signer is not None and not signer.revoked)


def withdrawn_goes_on() -> tuple[Any, str, Any]:
    """A withdrawn device's work is decided like anybody's."""
    from sync.deciding import Commit

    kept = Commit._reason_against

    def reason(self: Any, dot: Any, change: Any, state: Any, signer: Any, right: Any) -> Any:
        from dataclasses import replace

        return kept(self, dot, change, state, replace(signer, revoked=False), right)

    return Commit, "_reason_against", reason


def carried_is_forgotten() -> tuple[Any, str, Any]:
    """What was handed in for another is believed to have arrived."""
    from sync.exchange.carriage import Carriage

    kept = Carriage.parcels

    def parcels(self: Any, budget: int) -> list[bytes]:
        found = kept(self, budget)
        self.posting and self.posting.box.empty(self._asked)
        return found[1:]

    return Carriage, "parcels", parcels


def copied_can_be_cancelled() -> tuple[Any, str, Any]:
    """What a stick took can still be taken back."""
    from sync.postbox import PostBox

    return PostBox, "leave", lambda self, names: None


def heard_is_shown_first() -> tuple[Any, str, Any]:
    """What another saved and nobody decided takes the place of what is shown, as one's own does."""
    from sync.overlay import Overlay

    kept = Overlay._replayed
    return Overlay, "_replayed", lambda self, state, one: kept(self, state, one._replace(state="waiting"))


def heard_is_not_beneath() -> tuple[Any, str, Any]:
    """Who replaces what another saved elsewhere does not name what that one had seen."""
    from sync.saving import Seen

    return Seen, "beneath", lambda self, dots, path: list(dict.fromkeys(dots))


FAULTS: dict[str, Plant] = {plant.__name__: plant for plant in (
    hand_not_looked_at, keys_not_renewed, first_key_for_ever, box_not_opened, nothing_kept_for_others, given_to_everybody, given_to_members,
    withdrawn_goes_on, carried_is_forgotten, copied_can_be_cancelled, heard_is_shown_first, heard_is_not_beneath,
)}
