"""What the authority and whoever asks say to each other is read by nobody between, and an altered byte is noticed."""

from __future__ import annotations

import pytest

from sync.errors import Damaged
from sync.identity import SigningKey
from sync.relay.under_seal import HEAD, Sealing, opened

AUTHORITY = SigningKey(bytes(range(32)))
WORDS = b"DALIL\x01 the phone of an activist" * 9


def test_both_ways_and_each_time_otherwise() -> None:
    one, two = Sealing(AUTHORITY.public), Sealing(AUTHORITY.public)
    asked = one.request(WORDS)
    assert asked != two.request(WORDS)
    assert b"activist" not in asked
    inside, seal = opened(asked, AUTHORITY)
    assert inside == WORDS
    answer = seal(WORDS)
    assert b"activist" not in answer
    assert one.answer(answer) == WORDS
    assert (len(asked) - len(WORDS), len(answer) - len(WORDS)) == (54, 22)
    with pytest.raises(Damaged):
        two.answer(answer)
    with pytest.raises(Damaged):  # an answer is no request, nor is a request an answer
        one.answer(HEAD + asked[len(HEAD) + 32 :])


def test_what_is_not_under_seal_stays_what_it_is() -> None:
    inside, seal = opened(WORDS, AUTHORITY)
    assert (inside, seal(WORDS)) == (WORDS, WORDS)
    assert Sealing(AUTHORITY.public).answer(b"<html>") == b"<html>"


def test_every_altered_or_lacking_byte_is_noticed_at_both_ends() -> None:
    one = Sealing(AUTHORITY.public)
    asked = one.request(b"words")
    answer = opened(asked, AUTHORITY)[1](b"words")
    for data, read in ((asked, lambda each: opened(each, AUTHORITY)), (answer, one.answer)):
        for place in range(len(HEAD), len(data)):
            for wrong in (data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], data[:place]):
                with pytest.raises(Damaged):
                    read(wrong)
    with pytest.raises(Damaged):
        opened(asked, SigningKey(bytes(32)))
