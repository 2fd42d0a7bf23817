"""The room of somebody who asked to be let in: the code, the slip, and what becomes of it; a member by paper only lacks an address."""

from __future__ import annotations

from desktop.shell.join_form import JoinForm
from sync import admission, applying
from sync.appointing import turn_away
from sync.relay.holding import Holding
from sync.waiting_room import WaitingRoom


def carry(source, to, authority: bytes) -> None:
    there = Holding(to, authority)
    there.take(list(Holding(source, authority).give(there.have())))


def test_the_code_stands_there_until_the_answer_comes(network, stage, tmp_path):
    ana, new = network.member("Amina"), network.alone("Fatouma")
    code = applying.apply(new, "Fatouma Ali", "Pêcheuses")
    room = stage(new)
    head, card = room.page.standing.headline, room.page.standing.request
    assert code in head.text()
    assert head.text().startswith("En attente d’admission, code")
    assert card.isVisible()
    assert code in card.code.text()
    assert "Fatouma Ali" in card.who.text()
    assert "aucun réseau" in card.travels.text()
    assert not room.page.standing.sync.isVisible()
    assert len(room.cards("waiting")) == 1  # her name
    for ending, begins in (("pdf", b"%PDF"), ("png", b"\x89PNG")):
        card.save(str(tmp_path / f"slip.{ending}"))
        assert (tmp_path / f"slip.{ending}").read_bytes().startswith(begins)
        assert "Enregistré" in card.said.text()
    card.save(str(tmp_path / "absent" / "slip.pdf"))
    assert "n’a pas pu" in card.said.text() or "Choisissez" in card.said.text()

    authority = network.authority.key.public
    carry(ana, new, authority)
    room.settle()
    assert "prête à partir" in card.travels.text()
    asked = admission.opened(admission.read(WaitingRoom(new.public).all()[0].data), network.authority.key)
    network.authority.certify(asked.key, asked.person, asked.device, "member")
    network.sync(ana)
    carry(ana, new, authority)
    room.settle()
    assert not card.isVisible()
    assert head.text() == "Vous êtes membre du réseau"
    form = room.page.join_form
    assert isinstance(form, JoinForm)


def test_who_was_turned_away_reads_it(network, stage):
    ana, new = network.member("Amina"), network.alone("Inconnu")
    authority = network.authority.key.public
    carry(ana, new, authority)
    applying.apply(new, "Inconnu")
    turn_away(network.authority, new.vault.key().public, new.vault.word("person"), new.vault.word("device"))
    network.sync(ana)
    carry(ana, new, authority)
    room = stage(new)
    assert room.page.standing.headline.text() == "La demande n’a pas été acceptée"
    assert not room.page.standing.request.isVisible()


def test_a_member_by_paper_is_asked_for_the_address_alone(network, stage):
    ana, new = network.member("Amina"), network.alone("Fatouma")
    authority = network.authority.key.public
    carry(ana, new, authority)
    new.public.execute("UPDATE network SET server = ''")  # nobody here knows it
    applying.apply(new, "Fatouma")
    network.authority.certify(new.vault.key().public, new.vault.word("person"), new.vault.word("device"), "member")
    network.sync(ana)
    carry(ana, new, authority)
    room = stage(new)
    form = room.page.join_form
    assert list(form.form.values()) == ["url"]
    assert not form.paper.isVisible()
    form.form.restore_draft({"url": network.url})
    form.form.submit()
    room.settle()
    assert room.page.room.joined
    assert new.status().waiting == 0
