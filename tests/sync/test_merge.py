"""The merge as a pure function: what must hold whatever order, doubling and company the writes come in."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.merge import LIFE, Live, State, arrived, delete, erase, in_conflict, is_gone, place, restore, shown, uncovered, write

EXAMPLES = settings(max_examples=100, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Save:
    """A write in a world where every author saw some earlier writes; `seen` are indexes."""

    value: str
    seen: frozenset[int]


@st.composite
def worlds(draw: st.DrawFn) -> list[Save]:
    """Writes of one part, each by an author who had seen some of those made before."""
    count = draw(st.integers(1, 7))
    return [Save(draw(st.sampled_from("abc")), frozenset(draw(st.sets(st.integers(0, index - 1), max_size=3))) if index else frozenset())
            for index in range(count)]


def dot(index: int) -> bytes:
    return b"log" + index.to_bytes(11, "big")


def arrive(world: list[Save], order: list[int], path: str = "phone") -> State:
    """The state after these writes arrived in this order, numbered as they came."""
    state, numbers = State("id", "kind", 0), {}
    for number, index in enumerate(order, 1):
        seen = {numbers.get(each, dot(each)) for each in world[index].seen}
        write(state, path, world[index].value, number, dot(index), seen, {each for each in seen if isinstance(each, bytes)})
        arrived(state, dot(index), number)
        numbers[index] = number
    return state


@EXAMPLES
@given(worlds(), st.randoms(use_true_random=False))
def test_what_lives_does_not_depend_on_the_order_of_arrival(world: list[Save], chance: object) -> None:
    order = list(range(len(world)))
    replaced = frozenset().union(*(save.seen for save in world))
    for _ in range(3):
        state = arrive(world, order)
        living = {order[one.reference - 1] for one in state.parts["phone"]}  # type: ignore[operator]
        assert living == set(order) - replaced
        assert not state.early  # everything that was named has arrived
        chance.shuffle(order)  # type: ignore[attr-defined]


@EXAMPLES
@given(worlds(), st.randoms(use_true_random=False))
def test_the_value_shown_stays_until_someone_who_saw_it_replaces_it(world: list[Save], chance: object) -> None:
    order = list(range(len(world)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    before = None
    for step in range(1, len(order) + 1):
        live = arrive(world, order[:step]).parts["phone"]
        now = order[live[0].reference - 1] if live else None  # type: ignore[operator]
        if before is not None and now != before:
            arriving = order[step - 1]
            assert before in world[arriving].seen
            assert now == arriving or arriving in frozenset().union(*(world[each].seen for each in order[: step - 1]))
        before = now


@EXAMPLES
@given(worlds())
def test_a_write_named_before_it_arrives_is_dead_on_arrival_in_that_part_only(world: list[Save]) -> None:
    late = len(world)
    state = arrive([*world, Save("x", frozenset())], list(range(len(world))))
    write(state, "phone", "after", 90, dot(90), {dot(late)}, {dot(late)})
    kept = state.parts["phone"]
    write(state, "phone", "late", 91, dot(late), set())
    assert state.parts["phone"] == kept
    assert "phone" not in state.early
    write(state, "street", "late", 91, dot(late), set())
    assert state.parts["street"] == (Live(91, "late"),)


@EXAMPLES
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("ab")), min_size=1, max_size=5, unique_by=lambda one: one[0]))
def test_equal_values_are_no_conflict_and_different_ones_are(pairs: list[tuple[int, str]]) -> None:
    live = tuple(Live(*one) for one in pairs)
    assert in_conflict(live) == (len({value for _, value in pairs}) > 1)
    assert not in_conflict(live, element=True)
    assert not in_conflict(live, latest=True)
    assert shown(live) == live[0].value
    assert shown(live, latest=True) == max(live).value


def test_alone_means_no_conflict() -> None:
    world = [Save(str(index), frozenset({index - 1} if index else ())) for index in range(50)]
    state = arrive(world, list(range(50)))
    assert state.parts["phone"] == (Live(50, "49"),)


@EXAMPLES
@given(st.permutations([True, False, None]))
def test_of_an_element_adding_wins(values: list[bool | None]) -> None:
    live = tuple(Live(number, value) for number, value in enumerate(values, 1))
    assert shown(live, element=True) is True
    assert shown(tuple(one for one in live if one.value is not True), element=True) is None


def test_a_waiting_value_counts_as_the_latest() -> None:
    assert shown((Live(3, "accepted"), Live(b"dot", "mine")), latest=True) == "mine"
    assert shown((Live(b"dot", "mine"), Live(3, "accepted")), latest=True) == "mine"


def test_settling_twice_alike_makes_no_new_conflict() -> None:
    world = [Save("a", frozenset()), Save("b", frozenset()), Save("b", frozenset({0, 1})), Save("b", frozenset({0, 1}))]
    assert not in_conflict(arrive(world, [0, 1, 2, 3]).parts["phone"])
    assert not in_conflict(arrive(world, [2, 0, 3, 1]).parts["phone"])


@EXAMPLES
@given(worlds(), st.sets(st.integers(0, 6)))
def test_a_deletion_hides_while_everything_that_lives_was_seen(world: list[Save], known: set[int]) -> None:
    state = arrive(world, list(range(len(world))))
    before = dict(state.parts)
    delete(state, 50, dot(50), {"phone": frozenset(each + 1 for each in known)})
    living = {one.reference for one in state.parts["phone"]}
    assert state.parts == before  # it kills no value
    assert is_gone(state) == (living <= {each + 1 for each in known})
    assert {one.reference for _, one in uncovered(state)} == living - {each + 1 for each in known}
    write(state, "street", "new", 51, dot(51), set())
    assert not is_gone(state)  # nobody who deleted had seen that
    restore(state, {50})
    assert not state.deletions


def test_a_record_is_hidden_when_two_who_deleted_it_saw_everything_between_them() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"), Live(2, "b"))})
    delete(state, 3, dot(3), {"phone": frozenset({1})})
    assert not is_gone(state)
    delete(state, 4, dot(4), {"phone": frozenset({2})})
    assert is_gone(state)
    restore(state, {3})
    assert not is_gone(state)


def test_a_deletion_covers_what_it_named_before_that_arrived() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),)})
    delete(state, 2, dot(2), {"phone": frozenset({1, dot(9)})})
    write(state, "phone", "b", 3, dot(9), {1})
    arrived(state, dot(9), 3)
    assert is_gone(state)


def test_a_deletion_that_was_undone_before_it_arrived_never_hides() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),)})
    restore(state, {dot(2)}, {dot(2)})
    assert state.early == {LIFE: frozenset({dot(2)})}
    delete(state, 3, dot(2), {"phone": frozenset({1})})
    assert not state.deletions
    assert not state.early


@EXAMPLES
@given(worlds())
def test_reading_a_state_changes_nothing(world: list[Save]) -> None:
    state = arrive(world, list(range(len(world))))
    copy = state.copy()
    for _ in range(2):
        shown(state.parts["phone"])
        in_conflict(state.parts["phone"])
        is_gone(state)
        uncovered(state)
    assert state == copy
    write(copy, "phone", "z", 99, dot(99), {one.reference for one in copy.parts["phone"]})
    assert state == arrive(world, list(range(len(world))))  # a copy shares nothing that moves


def test_a_write_takes_the_place_of_the_first_that_it_saw() -> None:
    live = (Live(1, "a"), Live(2, "b"), Live(3, "c"))
    assert place(live, Live(4, "d"), {2}) == (Live(1, "a"), Live(4, "d"), Live(3, "c"))
    assert place(live, Live(4, "d"), {3, 1}) == (Live(4, "d"), Live(2, "b"))
    assert place(live, Live(4, "d"), set()) == (*live, Live(4, "d"))
    assert place(live, Live(4, "d"), {2}, dead=True) == (Live(1, "a"), Live(3, "c"))


# What a mutation tool changed unseen


def test_a_copy_has_what_was_named_early() -> None:
    state = State("id", "kind", 1, early={"phone": frozenset({dot(9)})})
    assert state.copy() == state


def test_a_deletion_that_arrives_forgets_no_other_that_is_still_to_come() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),)})
    restore(state, {dot(2), dot(3)}, {dot(2)})
    restore(state, {dot(3)}, {dot(3)})
    assert state.early == {LIFE: frozenset({dot(2), dot(3)})}
    delete(state, 4, dot(2), {})
    assert state.early == {LIFE: frozenset({dot(3)})}


def test_a_restoration_ends_only_the_deletions_that_its_author_saw() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),)})
    for number in (2, 3):
        delete(state, number, dot(number), {"phone": frozenset({1})})
    restore(state, {2})
    assert [one.reference for one in state.deletions] == [3]


def test_a_number_that_comes_is_put_in_the_place_of_its_dot_alone() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),)})
    delete(state, 2, dot(2), {"phone": frozenset({1, dot(9)}), "street": frozenset({dot(8)})})
    arrived(state, dot(9), 3)
    one, = state.deletions
    assert one.reference == 2
    assert one.covers == {"phone": frozenset({1, 3}), "street": frozenset({dot(8)})}


def test_an_erased_write_stands_for_nothing_and_what_it_replaced_stays_replaced() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"), Live(2, "b")), "street": (Live(1, "s"),)}, early={"phone": frozenset({dot(7), dot(9)})})
    erase(state, "phone", dot(9), {1, dot(8)}, {dot(8)})
    assert state.parts == {"phone": (Live(2, "b"),), "street": (Live(1, "s"),)}
    assert state.early == {"phone": frozenset({dot(7), dot(8)})}
    erase(state, "name", dot(6), set())
    assert state.parts["name"] == ()
    assert state.early == {"phone": frozenset({dot(7), dot(8)})}
