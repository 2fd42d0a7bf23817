"""Planted faults do not rot: each still fits the engine, is a program, and names tests that are there. `make mutants` plants them."""

from __future__ import annotations

import ast
import re

import pytest

from tests.mutants.faults import FAULTS
from tests.mutants.planted import Fault
from tests.mutants.tree import ROOT, Rotten, planted_in


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_fits_exactly_one_place(fault: Fault) -> None:
    whole = (ROOT / fault.file).read_text("utf-8")
    assert ast.dump(ast.parse(planted_in(whole, fault))) != ast.dump(ast.parse(whole))
    assert fault.breaks.endswith(".")
    assert fault.killers


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_its_killers_are_there(fault: Fault) -> None:
    for one in fault.killers:
        if not re.fullmatch(r"simulation \d+", one):
            module, _, name = one.partition("::")
            defined = {node.name for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}
            assert name.partition("[")[0] in defined, one


def test_no_two_are_called_alike() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20


def test_what_does_not_fit_is_said() -> None:
    fault = Fault("twice", "It stands once.", "nowhere.py", "a", "b", ())
    for text in ("", "a a"):
        with pytest.raises(Rotten, match="twice"):
            planted_in(text, fault)
