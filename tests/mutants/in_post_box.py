"""Faults in what PCs carry for each other and in what belongs to some, each with the tests that must see it; plants nothing itself."""

from __future__ import annotations

from tests.mutants.planted import Fault, by

FAULTS = (
    Fault("withdrawn_before_it_began", "What a withdrawn device saved where nothing had begun is refused with the reason.",
          "sync/authority.py", "            if not self.reads(signer.actor, batch.scope) and", "            if not self.gives(signer, batch.scope) and",
          by("scopes", "the_first_that_a_withdrawn_device_saved_in_a_place_of_its_own_is_refused_with_the_reason")),
    Fault("left_unknown_to_newcomers", "What left this computer cannot be taken back, whoever saved it.",
          "sync/posting.py", "            self.box.read_up_to(self.name, NETWORK, 0)  #", "            pass  #",
          by("posting", "of_who_has_heard_nothing_yet_it_stays_known_that_their_work_left")),
    Fault("decided_up_to", "A carrier lets go of what is decided, not of what comes before it in its log.",
          "sync/relay/parcels.py", "        if found and found[-1][0] == log and n <= found[-1][2] + 1:\n",
          "        if not found or found[-1][0] != log:\n            found.append((log, 1, n))\n        elif n:\n",
          by("holding", "what_is_brought_after_what_follows_it_in_its_log_is_handed_in_all_the_same")),
    Fault("snapshot_of_some_is_empty", "A snapshot of what belongs to some holds their records.",
          "sync/snapshots/making.py", "or fits(scope, kind.scopes)", "or scope in kind.scopes",
          by("scopes", "who_joins_late_takes_what_belongs_to_some_of_them_from_snapshots")),
)
