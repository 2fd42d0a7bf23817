"""Faults in what the past says and in what an undoing writes, each with the tests that must see it; plants nothing itself."""

from __future__ import annotations

from tests.mutants.planted import Fault, by

HISTORY, ROADS, UNDOING, SINCE = "sync/history.py", "sync/roads.py", "sync/undoing.py", "sync/undoing_since.py"

FAULTS = (
    Fault("undoing_overwrites_what_came_meanwhile", "An undoing has seen what was on the screen, and nothing that came since.",
          UNDOING, "        if form is not None and not now.is_contested(event.field):\n", "        if form is not None and event.field == '':\n",
          by("undoing", "a_value_that_came_while_one_looked_stands_beside")),
    Fault("undoing_overwrites_what_was_replaced", "A whole save that is undone leaves what somebody replaced since.",
          UNDOING, "        if not now.stands(event) and not named:\n", "        if not named and event.field == '':\n",
          by("undoing", "what_was_replaced_since_is_left_unless_its_field_is_named")),
    Fault("undoing_takes_a_conflict_along", "In a conflict only the value of the change that is undone goes.",
          UNDOING, "            others = [one.value for dot, one in self.live(path) if dot not in changes]\n", "            others: list[Any] = []\n",
          by("undoing", "in_a_conflict_only_the_changes_own_value_goes")),
    Fault("undoing_deletes_what_others_built_on", "A creation on which others built is not undone.",
          UNDOING, "    if any(not same_author(one, event) for one in past", "    if any(one.dot == b'' for one in past",
          by("undoing", "a_creation_on_which_others_built_is_not_undone")),
    Fault("device_undone_over_others", "What somebody else wrote since stays when a device's work is undone.",
          SINCE, "        if not its & set(live):\n", "        if not its:\n",
          by("undoing_since", "fields_read_as_before_and_what_others_wrote_stays")),
    Fault("device_undone_to_its_own_value", "What stood before a device's last writes in a row is somebody's own.",
          SINCE, "        while last and written[last - 1].dot in its:\n", "        while last and last < 0:\n",
          by("undoing_since", "fields_read_as_before_and_what_others_wrote_stays")),
    Fault("a_stale_list_is_carried_out", "What reads otherwise than when it was listed stays as it is.",
          SINCE, "            if one in now and (only is None", "            if one and (only is None",
          by("undoing_since", "what_came_after_the_list_was_made_stays_as_it_is")),
    Fault("the_past_of_a_snapshot_is_invented", "What stood before a snapshot is not known, and said to be so.",
          HISTORY, "operation=operation, taken=came.taken, unknown=not made and path != LIFE))", "operation=operation, taken=came.taken))",
          by("past", "a_copy_that_began_with_a_snapshot_says_what_it_does_not_know")),
    Fault("a_refused_change_stands_in_the_past", "What was refused changes nothing of what stood.",
          HISTORY, "            while refused and (refused[0].number or ENDLESS) < number:\n", "            while refused and refused[0].number is None:\n",
          by("past", "what_was_refused_stands_in_its_authors_past_only_and_changes_nothing")),
    Fault("roads_of_what_left_stay", "Numbers that left this copy may come again by another road.",
          ROADS, '    store.execute("DELETE FROM road WHERE scope = ? AND first > ?", (scope, after))\n', "",
          by("past", "pages_of_one_sync_are_one_row_and_what_leaves_is_forgotten")),
)
