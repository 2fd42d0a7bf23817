"""The starter facts are what the sources say: rebuilt, compared, and drawn without gaps."""

import os
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from resources import codes, starter
from resources.starter import build_facts, cso_facts
from resources.starter.derived_id import derived_id
from resources.starter.outline_arcs import contains, signed_area

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared"))
HERE = Path(starter.__file__).parent
CODES = {"DJ-AR", "DJ-AS", "DJ-DI", "DJ-DJ", "DJ-OB", "DJ-TA"}

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not on this PC")


def edges(ring):
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


@needs_shared
def test_committed_facts_are_what_the_script_makes():
    for name, content in build_facts.facts(SHARED).items():
        assert (HERE / name).read_text("utf-8") == build_facts.as_text(content), name


@needs_shared
def test_a_receiver_without_a_checked_name_is_named(tmp_path):
    text = (SHARED / "data/iati/dj_local_cso_receivers.csv").read_text("utf-8-sig")
    altered = tmp_path / "receivers.csv"
    altered.write_text(text.replace("Association Mouhbani*", "Association Nouvelle"), "utf-8")
    with pytest.raises(ValueError, match="Association Nouvelle"):
        cso_facts.read_receivers(altered)


@needs_shared
def test_amounts_are_the_sums_of_the_rows_and_kinds_stay_apart():
    rows = cso_facts.read_receivers(SHARED / "data/iati/dj_local_cso_receivers.csv")
    disbursed = sum(Decimal(r["Value (USD)"]) for r in rows if r["Transaction Type"][0] == "3")
    shown = sum(
        Decimal(p.amounts["disbursed"].amount)
        for p in starter.projects()
        if "disbursed" in p.amounts
    )
    assert abs(disbursed - shown) < Decimal("0.30")  # each sum is rounded to a cent
    assert {p.amount.currency for p in starter.projects()} == {"USD"}


def test_regions_are_the_six_with_right_names():
    assert {r.code for r in starter.regions()} == CODES
    arabic = {r.code: r.name["ar"] for r in starter.regions()}
    assert arabic["DJ-AS"] == "علي صبيح"
    assert arabic == {
        "DJ-AR": "عرتا",
        "DJ-AS": "علي صبيح",
        "DJ-DI": "دخيل",
        "DJ-DJ": "جيبوتي",
        "DJ-OB": "أوبوك",
        "DJ-TA": "تاجورة",
    }


@pytest.mark.parametrize("region", starter.regions(), ids=lambda r: r.code)
def test_an_outline_is_small_plain_and_counter_clockwise(region):
    assert 60 <= sum(len(ring) for ring in region.outline) <= 150
    for ring in region.outline:
        assert len(ring) >= 4
        assert len(set(ring)) == len(ring)
        assert signed_area(ring) > 0
        assert not crossings(edges(ring))


def test_neighbours_share_their_border_point_for_point():
    used = defaultdict(list)
    for region in starter.regions():
        for a, b in edges(region.outline[0]):
            used[frozenset((a, b))].append((region.code, a))
    assert max(len(sides) for sides in used.values()) == 2
    borders = Counter()
    for sides in used.values():
        if len(sides) == 2:
            (one, start_one), (other, start_other) = sides
            assert start_one != start_other, "neighbours run along a border in opposite directions"
            borders[tuple(sorted((one, other)))] += 1
    assert set(borders) == {
        ("DJ-AR", "DJ-AS"),
        ("DJ-AR", "DJ-DI"),
        ("DJ-AR", "DJ-DJ"),
        ("DJ-AR", "DJ-TA"),
        ("DJ-AS", "DJ-DI"),
        ("DJ-DI", "DJ-TA"),
        ("DJ-OB", "DJ-TA"),
    }


def test_the_six_together_have_one_outline_and_no_gap():
    ends = defaultdict(list)
    for region in starter.regions():
        for a, b in edges(region.outline[0]):
            ends[a].append(b)
    outer = {a: [b for b in bs if a not in ends[b]] for a, bs in ends.items()}
    assert max(len(bs) for bs in outer.values()) == 1
    start = next(a for a, bs in outer.items() if bs)
    walked, at = 0, start
    while walked == 0 or at != start:
        (at,) = outer[at]
        walked += 1
    assert walked == sum(len(bs) for bs in outer.values()), "a sliver between two regions"


def test_no_region_runs_into_another():
    rings = [(r.code, ring) for r in starter.regions() for ring in r.outline]
    all_edges = [edge for _, ring in rings for edge in edges(ring)]
    assert not crossings(list({frozenset(e): e for e in all_edges}.values()))
    for code, ring in rings:
        for other, outline in rings:
            inside = [p for p in ring if p not in outline and contains(outline, p)]
            assert code == other or not inside, (code, other)


def test_localities_lie_in_their_region():
    outlines = {r.code: r.outline for r in starter.regions()}
    found = {place.name["fr"]: place for place in starter.localities()}
    for name in ("Obock", "Dikhil", "Tadjourah", "Ali Sabieh", "Arta"):
        place = found[name]
        assert any(
            contains(ring, (float(place.lon), float(place.lat))) for ring in outlines[place.region]
        )
    assert found["Damerjog"].region == "DJ-AR"
    assert found["Dadda’to"].region is None
    assert found["Arta"].name["ar"] == "عرتا"
    assert len(found) == len(starter.localities()) == 43


def test_possible_duplicates_stay_apart():
    names = [o.name.get("fr") for o in starter.organisations()]
    assert {"Caritas Djibouti", "CARITAS DE DJIBOUTI"} <= set(names)
    assert len(starter.organisations()) == 31


def test_projects_belong_to_known_organisations_and_say_where_from():
    known = {o.id: o for o in starter.organisations()}
    for project in starter.projects():
        assert project.iati in known[project.organisation].activities
        assert project.start <= project.end
        assert set(project.sectors) <= set(codes.SECTORS)
        assert Decimal(project.amount.amount) > 0
        assert project.amount == project.amounts[project.amount_basis]


def test_ids_are_uuid7_shaped_unique_and_derived():
    rows = [*starter.guides(), *starter.regions(), *starter.localities()]
    ids = [r.id for r in [*rows, *starter.organisations(), *starter.projects()]]
    assert len(set(ids)) == len(ids)
    assert all(i[14] == "7" and i[19] in "89ab" and len(i) == 36 for i in ids)
    assert [r.id for r in starter.regions()] == [derived_id("region", c) for c in sorted(CODES)]


def crossings(segments):
    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    found = []
    for i, (a, b) in enumerate(segments):
        for c, d in segments[i + 1 :]:
            if {a, b} & {c, d}:
                continue
            if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
                found.append((a, b, c, d))
    return found
