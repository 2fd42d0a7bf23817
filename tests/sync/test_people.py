"""The people of one computer: what opens a vault and what does not, whatever is killed, torn, forgotten or mistyped."""

from __future__ import annotations

import os
import random
import stat
from pathlib import Path

import pytest

from i18n import Text
from sync import keys, recovery_code
from sync.errors import Damaged, Failure, Invalid, Locked, NotFound, Refused
from sync.keys import FLOOR
from sync.people import People, Person
from sync.sealed import RECOVERIES
from sync.workspace import Workspace
from tests.sync.network import KINDS

PHRASE = "soleil rivage tambour gazelle"
OWN = "Le boutre de mon oncle est vert"


class Steady:
    """Seconds since the computer was started, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def people(tmp_path: Path, steady: Steady) -> People:
    return People(tmp_path, random.Random(1).randbytes, lambda: 1_700_000_000_000, steady=steady, cost=FLOOR)


def vault(people: People, name: str, key: bytes) -> Workspace:
    return Workspace(people.folder.parent, KINDS, name, key=key)


def test_a_phrase_opens_and_nothing_else_does(people: People) -> None:
    key, code = people.add("Amina", PHRASE)
    assert people.all() == [Person("Amina", "phrase")]
    assert people.open("Amina", PHRASE.upper().replace(" ", "")) == key
    for wrong in ("", "soleil rivage tambour", "soleil rivage gazelle tambour", code, OWN):
        with pytest.raises(Locked):
            people.open("Amina", wrong)
        people.open("Amina", PHRASE)  # or the next would have to wait
    with pytest.raises(Locked) as none:
        people.open("Amina", None)
    assert none.value.code == "locked"
    with pytest.raises(NotFound):
        people.open("Hassan", PHRASE)
    mode = stat.S_IMODE((people.folder / "Amina.keys").stat().st_mode)
    assert os.name == "nt" or mode == 0o600


def test_a_private_computer_opens_by_itself_until_a_phrase_is_set(people: People) -> None:
    key, _ = people.add("me", None)
    assert people.all() == [Person("me", "computer")]
    assert people.open("me", None) == people.open("me", "whatever") == key
    assert key in (people.folder / "me.keys").read_bytes()
    code = people.change("me", key, PHRASE)
    assert people.all() == [Person("me", "phrase")]
    assert not [path for path in people.folder.iterdir() if key in path.read_bytes()]
    with pytest.raises(Locked):
        people.open("me", None)
    assert people.open("me", PHRASE) == key
    assert people.recover("me", code, OWN)[0] == key
    assert people.change("me", key, None) == ""
    assert people.open("me", None) == key


def test_changing_the_phrase_keeps_key_file_and_code(people: People) -> None:
    key, code = people.add("Amina", PHRASE)
    ws = vault(people, "Amina", key)
    ws.add("tree", {"name": {"fr": "Figuier"}})
    ws.close()
    before = (people.folder / "Amina.db").read_bytes()
    assert people.change("Amina", key, OWN) == ""
    assert (people.folder / "Amina.db").read_bytes() == before
    with pytest.raises(Locked):
        people.open("Amina", PHRASE)
    assert people.open("Amina", OWN) == key
    with pytest.raises(Locked):
        people.change("Amina", bytes(32), PHRASE)
    new = people.renew_code("Amina", key)
    with pytest.raises(Locked):
        people.recover("Amina", code, PHRASE)
    assert people.recover("Amina", new, PHRASE)[0] == key


def test_who_has_forgotten_the_phrase_recovers_and_the_vault_says_so(people: People) -> None:
    key, code = people.add("Amina", PHRASE)
    ws = vault(people, "Amina", key)
    saved = ws.add("tree", {"name": {"fr": "Figuier"}})
    ws.close()
    opened, new = people.recover("Amina", code.lower().replace("-", " "), OWN)
    assert opened == key and new != code
    with pytest.raises(Locked):
        people.open("Amina", PHRASE)
    with pytest.raises(Locked):  # the old sheet is worth nothing
        people.recover("Amina", code, PHRASE)
    ws = vault(people, "Amina", people.open("Amina", OWN))
    assert ws.get("tree", saved.id)
    assert ws.vault.word(RECOVERIES) == "1700000000000"
    ws.close()


def test_a_damaged_vault_does_not_keep_its_owner_from_recovering(people: People) -> None:
    key, code = people.add("Amina", PHRASE)
    ws = vault(people, "Amina", key)
    ws.add("tree", {"name": {"fr": "Figuier"}})
    ws.close()
    path = people.folder / "Amina.db"
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    assert people.recover("Amina", code, OWN)[0] == key
    ws = vault(people, "Amina", people.open("Amina", OWN))
    assert len(ws.repaired) == 1 and ws.status().waiting == 1
    ws.close()


def test_who_is_open_in_this_program_is_not_removed(people: People) -> None:
    key, _ = people.add("Amina", PHRASE)
    ws = vault(people, "Amina", key)
    with pytest.raises(Failure) as busy:
        people.remove("Amina", key)
    assert busy.value.code == "busy"
    ws.close()
    people.remove("Amina", key)


def test_two_files_of_keys_are_evened_out_only_when_no_other_program_writes_them(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that finds one of them in the middle of being replaced must not put the old one back."""
    key, _ = people.add("Amina", None)
    old = (people.folder / "Amina.keys").read_bytes()
    monkeypatch.setattr(keys, "is_uneven", lambda _: True)

    def changed_meanwhile(self: People) -> object:
        monkeypatch.undo()
        self.change("Amina", key, PHRASE)
        return self.turn()

    monkeypatch.setattr(People, "turn", changed_meanwhile)
    with pytest.raises(Locked):
        people.open("Amina", None)
    assert people.all() == [Person("Amina", "phrase")]
    assert old not in [(people.folder / f"Amina{end}").read_bytes() for end in (keys.ENDING, keys.COPY)]


def test_a_code_mistyped_or_of_somebody_else_changes_nothing(people: People) -> None:
    key, code = people.add("Amina", PHRASE)
    _, other = people.add("Hassan", OWN)
    for wrong in ("", code[:-1], code[:-1] + ("A" if code[-1] != "A" else "B")):
        with pytest.raises(Invalid) as mistyped:
            people.recover("Amina", wrong, OWN)
        assert mistyped.value.code == "code_mistyped"
    with pytest.raises(Locked):
        people.recover("Amina", other, OWN)
    with pytest.raises(Invalid):
        people.recover("Amina", code, "short")
    assert people.open("Amina", PHRASE) == key


def test_wrong_phrases_make_the_next_wait_and_never_lock_out(people: People, steady: Steady) -> None:
    key, _ = people.add("Amina", PHRASE)
    for _ in range(3):
        assert people.wait("Amina") == 0
        with pytest.raises(Locked):
            people.open("Amina", OWN)
    delays = []
    for _ in range(7):
        delays.append(people.wait("Amina"))
        with pytest.raises(Locked) as early:
            people.open("Amina", PHRASE)
        assert early.value.wait == delays[-1]
        steady.now += delays[-1]
        with pytest.raises(Locked):
            people.open("Amina", OWN)
    assert delays == [5, 10, 20, 40, 60, 60, 60]
    steady.now += 60
    assert people.open("Amina", PHRASE) == key
    assert people.wait("Amina") == 0


def test_a_restart_of_the_computer_begins_the_delay_anew_and_no_date_is_asked(people: People, steady: Steady) -> None:
    key, _ = people.add("Amina", PHRASE)
    for _ in range(3):
        with pytest.raises(Locked):
            people.open("Amina", OWN)
    steady.now = 2.0
    assert people.wait("Amina") == 5
    steady.now = 6.5
    again = People(people.folder.parent, os.urandom, lambda: -(10**15), steady=steady, cost=FLOOR)  # another program, a clock far off
    assert again.wait("Amina") == 1
    steady.now = 7.0
    assert again.open("Amina", PHRASE) == key


def test_a_count_that_cannot_be_read_locks_nobody_out(people: People) -> None:
    key, _ = people.add("Amina", PHRASE)
    (people.folder / "Amina.tries").write_bytes(b"\xff\x00torn")
    assert people.open("Amina", PHRASE) == key


def test_a_try_counts_also_when_the_program_ends_in_it(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    people.add("Amina", PHRASE)
    with monkeypatch.context() as patched:
        patched.setattr(keys, "unwrapped", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                people.open("Amina", PHRASE)
    assert people.wait("Amina") == 5


def test_keys_torn_at_every_byte_open_by_their_copy_or_say_what_to_do(people: People) -> None:
    key, _ = people.add("Amina", None)
    main, copy = people.folder / "Amina.keys", people.folder / "Amina.keys.copy"
    whole = main.read_bytes()
    for size in range(len(whole)):
        main.write_bytes(whole[:size])
        assert people.open("Amina", None) == key
        assert main.read_bytes() == whole
    copy.unlink()
    assert people.open("Amina", None) == key
    assert copy.read_bytes() == whole
    for size in range(len(whole)):
        main.write_bytes(whole[:size])
        copy.write_bytes(whole[: size // 2])
        with pytest.raises(Damaged) as torn:
            people.open("Amina", None)
        assert "Amina.keys" in str(torn.value)
        assert people.all() == [Person("Amina", "phrase")]


def test_a_byte_altered_anywhere_is_never_taken(people: People) -> None:
    people.add("Amina", PHRASE)
    whole = (people.folder / "Amina.keys").read_bytes()
    for at in range(len(whole)):
        for name in ("Amina.keys", "Amina.keys.copy"):
            (people.folder / name).write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        with pytest.raises(Failure):
            people.open("Amina", PHRASE)


def test_keys_that_ask_for_too_much_or_are_of_a_newer_program_are_refused(people: People) -> None:
    people.add("Amina", PHRASE)
    stem = people.folder / "Amina"
    found = keys.read(stem)
    assert found is not None
    greedy = keys.Wrap(keys.PHRASE, bytes(16), 3, 4 * 1024 * 1024, 1, bytes(72))
    keys.write(stem, found.with_(greedy))
    with pytest.raises(Damaged):
        people.open("Amina", PHRASE)
    keys.write(stem, keys.Keys(keys.VERSION + 1, found.id, found.wraps))
    with pytest.raises(Refused) as newer:
        people.open("Amina", PHRASE)
    assert newer.value.code == "newer_folder"


def test_what_a_kill_leaves_between_the_two_files_of_keys_is_finished(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _ = people.add("Amina", None)
    real, written = keys.write_to, []

    def killed(path: Path, new: keys.Keys) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        real(path, new)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "write_to", killed)
        with pytest.raises(KeyboardInterrupt):
            people.change("Amina", key, PHRASE)
    assert key in (people.folder / "Amina.keys.copy").read_bytes()
    assert people.open("Amina", PHRASE) == key
    assert not [path for path in people.folder.iterdir() if key in path.read_bytes()]


@pytest.mark.parametrize("name", ["", "  ", "../me", "a/b", "a\\b", ".hidden", "con", "LPT1.x", "dot.", "a\x00b", "x" * 64, "a:b", "Amina.db", "Amina.keys.x"])
def test_a_name_that_can_be_no_file_is_refused(people: People, name: str) -> None:
    with pytest.raises(Invalid):
        people.add(name, PHRASE)
    assert people.all() == []


def test_names_are_one_each_whatever_their_case_and_spaces(people: People) -> None:
    people.add("  Amina   Ali ", PHRASE)
    assert people.all() == [Person("Amina Ali", "phrase")]
    with pytest.raises(Refused) as twice:
        people.add("amina ali", OWN)
    assert twice.value.code == "exists"
    people.add("آمنة", None)
    assert [one.name for one in people.all()] == ["Amina Ali", "آمنة"]


def test_removing_destroys_keys_and_file_but_not_unsent_work_unasked(people: People) -> None:
    key, _ = people.add("Amina", PHRASE)
    ws = vault(people, "Amina", key)
    ws.add("tree", {"name": {"fr": "Figuier"}})
    ws.close()
    (people.folder / "Amina.db.damaged-1").write_bytes(b"pages")
    for given in (None, key):
        with pytest.raises(Refused) as refused:
            people.remove("Amina", given)
        assert refused.value.code == "unsent"
    people.remove("Amina", unsent_too=True)
    assert people.all() == []
    assert sorted(path.name for path in people.folder.iterdir()) == ["turn"]
    with pytest.raises(NotFound):
        people.remove("Amina", unsent_too=True)


def test_removing_who_has_nothing_unsent_needs_no_more_words(people: People) -> None:
    key, _ = people.add("Amina", PHRASE)
    vault(people, "Amina", key).close()
    people.remove("Amina", key)
    assert people.all() == []


def test_the_cost_of_a_try_stays_within_its_bounds() -> None:
    slow, quick = iter([0.0, 30.0]), iter([0.0, 0.001])
    assert keys.calibrated(lambda: next(slow)) == keys.Cost(keys.LEAST_PASSES, keys.LEAST_MEMORY)
    assert keys.calibrated(lambda: next(quick)) == keys.Cost(keys.MOST_PASSES, keys.MOST_MEMORY)
    middling = iter([0.0, 0.25])
    assert keys.calibrated(lambda: next(middling)) == keys.Cost(4, keys.MOST_MEMORY)


def test_a_computer_without_the_memory_says_so(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from nacl.pwhash import argon2id

    people.add("Amina", PHRASE)

    def none_left(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(argon2id, "kdf", none_left)
    with pytest.raises(Failure) as raised:
        people.open("Amina", PHRASE)
    assert raised.value.code == "memory"
    assert keys.calibrated(lambda: 0.0) == FLOOR


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("no folder")
    people = People(tmp_path, os.urandom, lambda: 0, cost=FLOOR)
    assert people.all() == []
    with pytest.raises(Refused) as refused:
        people.add("Amina", PHRASE)
    assert refused.value.code == "read_only"
    assert isinstance(refused.value.message, Text)


def test_the_code_is_the_only_thing_that_the_sheet_needs(people: People) -> None:
    key, code = people.add("Amina", None)
    assert people.recover("Amina", code, PHRASE)[0] == key  # also where this computer alone opened it
    assert people.open("Amina", PHRASE) == key
    assert recovery_code.parse(code)
