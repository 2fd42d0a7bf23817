"""Old pages that were frozen into files say what the pages said: to whoever was away, through cuts, erasures and set-backs."""

from __future__ import annotations

import uuid

import msgspec
import pytest

from sync import codec, entries, epochs, erasure, segments, soundness
from sync.change import Page
from sync.errors import Cancelled, Damaged, Offline
from sync.exchange import answering, asking
from sync.snapshots.publishing import Offer
from tests.sync.network import Device, Network

SPAN = 20


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment holds 20 entries in pages of 6; no answer carries more than a page or two."""
    monkeypatch.setattr(segments, "SPAN", SPAN)
    monkeypatch.setattr(segments, "_PAGE", 6)
    monkeypatch.setattr(answering, "PAGE", 600)
    monkeypatch.setattr(answering, "ANSWER", 1200)
    monkeypatch.setattr(answering, "SMALLEST", 1200)


def freeze(network: Network, scope: str = "public") -> list[Offer]:
    """Freeze all that can be."""
    authority = network.authority
    check = soundness.checker(network.store, network.key.public, authority.trust.erasures, authority.sound)
    found = []
    while (made := segments.freeze(network.store, scope, network.key, network.files, authority.trust.erasures.newest, check)) is not None:
        found.append(made)
    return found


def written(network: Network, count: int = 55) -> tuple[Device, Device, list[str]]:
    """A ledger of some segments, with edits, a conflict and a deletion in it; bilal has seen nothing of it."""
    ana, bilal = network.two()
    ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "phone": str(n)}).id for n in range(count)]
    ana.ws.edit("house", ids[0], {"phone": "edited"})
    ana.ws.delete("house", ids[1])
    ana.sync()
    return ana, bilal, ids


def frozen(network: Network, one: Offer) -> list[Page]:
    """The pages of a segment."""
    with network.files.path(one.name).open("rb") as source:
        return list(segments.pages(source))


def test_who_was_away_takes_frozen_pages_and_then_the_rest(either: Network) -> None:
    ana, bilal, _ = written(either)
    slow = either.device("slow")
    turns = slow.sync().turns
    assert [one.number for one in freeze(either)] == [20, 40]
    assert freeze(either) == []
    assert bilal.sync().turns < turns
    assert bilal.ws.digest() == slow.ws.digest() == either.digest()
    assert bilal.ws.public.rows("SELECT * FROM entry ORDER BY scope, number") == slow.ws.public.rows("SELECT * FROM entry ORDER BY scope, number")
    ana.sync()
    either.in_step()
    assert list(bilal.ws.files.folder.glob("*/*")) == []


def test_who_is_in_the_middle_of_a_segment_is_led_to_the_next(network: Network) -> None:
    ana, bilal, ids = written(network, count=8)
    bilal.sync()
    for n in range(60):
        ana.ws.edit("house", ids[2], {"phone": str(n)})
    ana.sync()
    freeze(network)
    bilal.sync()
    network.in_step()


def test_an_older_program_is_answered_by_pages(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    _, bilal, _ = written(network)
    freeze(network)
    monkeypatch.setattr(segments, "offers", lambda *_: pytest.fail("nobody asked for files"))
    kept = asking._Run.__init__

    def older(run: asking._Run, *given: object) -> None:
        kept(run, *given)  # type: ignore[arg-type]
        run.segments = False

    monkeypatch.setattr(asking._Run, "__init__", older)
    bilal.sync()
    network.in_step()


def test_a_file_that_is_gone_is_asked_for_as_pages(network: Network) -> None:
    _, bilal, _ = written(network)
    for one in freeze(network):
        network.files.erase(one.name)
    bilal.sync()
    network.in_step()


@pytest.mark.parametrize("cut", [0, 10, 17, 200, -1])
def test_a_file_that_was_altered_or_torn_gives_no_wrong_page(network: Network, cut: int) -> None:
    """Under its own name, as a thief of the disk would leave it; the name alone refuses what a road altered."""
    _, bilal, _ = written(network)
    first, _ = freeze(network)
    path = network.files.path(first.name)
    whole = path.read_bytes()
    assert len(whole) == first.size
    for torn in (whole[: cut % len(whole)], whole[: cut % len(whole)] + bytes([whole[cut] ^ 1]) + whole[cut % len(whole) + 1 :]):
        taken: list[int] = []
        path.write_bytes(torn)
        with path.open("rb") as source:
            try:
                for page in segments.pages(source):
                    taken.append(page.last)
            except Damaged:
                pass
        assert taken == [6, 12, 18, 20][: len(taken)]
    bilal.sync()  # fetched under a name that it is not
    network.in_step()


def test_a_page_that_the_authority_never_signed_is_not_taken_from_a_file(network: Network) -> None:
    ana, bilal, ids = written(network)
    first, _ = freeze(network)
    pages = frozen(network, first)
    forged = [msgspec.structs.replace(pages[0], signature=bytes(64)), *pages[1:]]
    (network.folder / "forged").write_bytes(segments.MAGIC + b"".join(
        len(packed).to_bytes(4, "big") + packed for packed in (codec.squeeze(codec.pack(one)) for one in forged)))
    taken = network.files.take(network.folder / "forged")
    with network.store.transaction():
        network.store.execute("UPDATE segment SET name = ?, size = ? WHERE first = 1", (taken["sha256"], taken["size"]))
    bilal.sync()  # by pages, then
    network.in_step()
    assert ana.ws.get("house", ids[0]) == bilal.ws.get("house", ids[0])


def test_a_cut_costs_one_page(network: Network) -> None:
    _, bilal, _ = written(network)
    freeze(network)
    looks = iter([False] * 6)
    assert isinstance(bilal.tries(stop=lambda: next(looks, True)), Cancelled)
    reached = bilal.ws.heads()["public"].number
    assert 0 < reached < 57
    assert not [one for one in bilal.ws.files.folder.glob("*/*") if not one.suffix]  # nobody would ask for it again, nor forget what it says
    assert isinstance(bilal.tries("before"), Offline)
    bilal.sync()
    network.in_step()


def test_what_is_erased_leaves_the_frozen_pages(either: Network) -> None:
    ana, bilal, ids = written(either)
    before = freeze(either)
    with either.store.transaction():
        erasure.erase(either.authority, "house", ids[5])
    after = freeze(either)
    assert [one.number for one in after] == [20, 40]
    assert all(not either.files.here(one.name) for one in before if one.name not in {each.name for each in after})
    said = b"".join(entry.body or b"" for one in after for page in frozen(either, one) for entry in page.entries)
    assert uuid.UUID(ids[6]).bytes in said
    assert uuid.UUID(ids[5]).bytes not in said
    bilal.sync()
    ana.sync()
    either.in_step()


def test_a_server_that_was_set_back_freezes_anew(network: Network) -> None:
    _, bilal, _ = written(network)
    freeze(network)
    epochs.begin(network.store, network.key, network.random.randbytes)
    at = epochs.ledger.head(network.store, "public")
    assert at is not None
    assert segments.offers(network.store, at, 0) == []
    assert [one.number for one in freeze(network)] == [20, 40]
    bilal.sync()
    assert bilal.ws.heads()["public"].epoch == at.epoch
    network.in_step()


def test_what_was_altered_in_the_database_is_not_frozen(either: Network) -> None:
    written(either)
    row = next(one for one in entries.rows_after(either.store, "public", 0, 30) if b"Maison 7" in (one.body or b""))
    with either.store.transaction():
        either.store.execute("UPDATE entry SET body = ? WHERE scope = 'public' AND number = ?", (row.body.replace(b"Maison 7", b"Maison X"), row.number))  # type: ignore[union-attr]
    with pytest.raises(Damaged):
        freeze(either)
    assert either.store.value("SELECT count(*) FROM segment") == 0
