"""Faults in what happens when a server was set back, each with the tests that must see it; plants nothing itself."""

from __future__ import annotations

from tests.mutants.planted import Fault, by

HEALING = "sync/exchange/healing.py"
GOING_BACK, EPOCHS, TAKING = "sync/going_back.py", "sync/epochs.py", "sync/taking_again.py"

FAULTS = (
    Fault("pending_dropped_at_going_back", "Whatever becomes of the confirmed copy, what waits stays.",
          GOING_BACK, "        _look_again(store, scope)\n        stale.drop(store, scope)\n",
          "        _look_again(store, scope)\n        stale.drop(store, scope)\n        if store.columns('pending'):\n            store.execute('DELETE FROM pending')\n",
          by("planted", "forgetting_what_members_share_keeps_what_waits")),
    Fault("accepted_then_lost", "Own work that the server lost and that no page proves waits again.",
          "sync/overlay.py", "        if astray:\n            wait_again(self.store, scope, schema)\n", "",
          by("healing", "own_work_comes_back_when_its_page_cannot")),
    Fault("step_not_checked", "Only the authority leads a replica back.",
          EPOCHS, "    if not ours or not signed or not verifies(authority, head_statement(step.scope, step.new, step.number, step.chain), step.head):\n",
          "    if not ours:\n",
          by("planted", "a_step_that_the_authority_did_not_sign_leads_nowhere")),
    Fault("any_head_starts_an_epoch", "What the server never signed proves no loss.",
          EPOCHS, "    return any(is_signed(key, one) and _lacks(store, one) for one in shown)\n", "    return any(_lacks(store, one) for one in shown)\n",
          by("healing", "what_the_server_never_signed_starts_no_epoch")),
    Fault("lost_pages_not_kept", "What a replica offers stays with it until it is in a ledger again.",
          GOING_BACK, "        offers.keep_lost(store, step.scope, step.number)\n", "",
          by("healing", "set_back_once_more_while_the_first_healing_is_under_way")),
    Fault("offer_believed", "What was offered is offered until it is in a ledger again.",
          HEALING, "else offers.not_back(store)\n", "else []\n",
          by("healing_offers", "an_offer_that_something_else_answers_is_made_again")),
    Fault("withdrawn_forgotten", "A withdrawn device goes on with a server that was set back.",
          HEALING, "        self._vain = not self._led(ask, {})\n", "        self.heal(ask, {})\n",
          by("healing_offers", "a_withdrawn_device_goes_on_with_a_server_that_was_set_back")),
    Fault("half_a_record_after_a_kill", "What returns to a record erased whole is erased, however often the server dies.",
          TAKING, "        if page.scope != CONTROL:\n            erasure.complete(authority, page.scope, {one.record for one in taken})\n    if page.scope == CONTROL:\n        erasure.again(authority)\n",
          "    if page.scope == CONTROL:\n        erasure.again(authority)\n    else:\n        erasure.complete(authority, page.scope, {one.record for one in taken})\n",
          by("healing_killed", "what_returns_to_a_record_erased_whole_is_erased_however_often_the_server_dies")),
    Fault("gone_back_without_replay", "After going back, records say what the entries say that stayed.",
          GOING_BACK, "            _replay(store, kinds, step.scope, touched)\n", "",
          by("healing", "replicas_that_hold_different_parts_give_back_the_whole[sqlite]", "several_epochs_behind")),
    Fault("erased_text_offered_again", "What was erased after the backup stays erased.",
          TAKING, "        erasure.again(authority)\n", "        pass\n",
          by("healing_together", "what_was_erased_after_the_backup_stays_erased")),
    Fault("taken_twice", "What several replicas give back comes back once.",
          TAKING, "        if one.dot not in known:\n", "        if one.dot:\n",
          by("healing", "no_altered_byte_of_an_offer_is_taken")),
    Fault("waiting_not_released", "An edit that waits for a creation is decided when that comes back.",
          TAKING, "        if began:\n", "        if began and not taken:\n",
          by("healing", "an_edit_that_waits_for_a_creation_that_comes_back")),
    Fault("pages_under_a_snapshot_not_offered", "Whatever a copy can prove, it offers.",
          "sync/offers.py", "    lowest = ledger.floor(store, scope)\n", "    lowest = ledger.floor(store, scope)\n    after = max(after, lowest)\n",
          by("healing", "what_was_taken_as_pages_before_a_snapshot_came_is_offered_too")),
    Fault("shared_change_without_seed", "What both copies of a device share travels again from whichever is left.",
          "sync/vault.py", '        self.keep(_FORKED + log.hex(), b"1")\n', "",
          by("forks", "what_both_branches_share_travels_again_after_a_loss")),
)
