"""Codes as people type them, and what a wrong one says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import invitation
from sync.errors import Failure


@given(st.binary(min_size=7, max_size=7), st.binary(min_size=4, max_size=4), st.binary(min_size=4, max_size=4))
def test_a_code_comes_back_from_paper_and_names_one_server(secret: bytes, here: bytes, elsewhere: bytes) -> None:
    made = invitation.make(lambda n: secret[:n], here)
    typed = made.code.lower().replace("-", " \u200f").replace("0", "o").replace("1", "l").translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
    assert invitation.parse(typed) == made
    assert made.fits(here)
    same_thirty_bits = int.from_bytes(here, "big") >> 2 == int.from_bytes(elsewhere, "big") >> 2
    assert made.fits(elsewhere) == same_thirty_bits
    assert secret not in made.digest


@pytest.mark.parametrize("typed", ["", "ABCD", "7K3M-9QXA-R2TB-W6H", "7K3M-9QXA-R2TB-W6HNX", "7K3M-9QXA-R2TB-W6H*", "é" * 16])
def test_what_is_no_code_says_so(typed: str) -> None:
    with pytest.raises(Failure) as raised:
        invitation.parse(typed)
    assert raised.value.code == "code_unknown"
