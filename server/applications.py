"""Requests to join that came on paper's road: kept sealed as they came, listed, admitted or refused by their code; knows no HTTP and no command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from i18n import Text
from server.invitations import check_place
from sync import admission, second_device
from sync.admission import Application, Letter
from sync.appointing import turn_away
from sync.authority import Authority
from sync.errors import Failure, NotFound, Refused
from sync.identity import Certified, fingerprint, key_id, verifies
from sync.store import Store

MOST_DEVICES = 10  # of one person, that their own devices let in
MOST = 1000  # requests that wait: 4 MB at most
MOST_CARRIED = 200  # of them under one carrier's name, so that nobody's flood pushes out what others carry
WAITING, ADMITTED, REFUSED = "waiting", "admitted", "refused"
_SCHEMA = ("CREATE TABLE IF NOT EXISTS application (key TEXT PRIMARY KEY, number BIGINT NOT NULL, place BIGINT NOT NULL, carrier BLOB NOT NULL,"
           " arrived BIGINT NOT NULL, data BLOB NOT NULL)")
_AMBIGUOUS = Text("Two requests carry this code, so one of them was made up. Admit neither: refuse the code, and ask the person for a new request.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits: what stands on the slip, what was asked, when it arrived (ms since 1970), whether a device of theirs vouches for it."""

    code: str
    asked: Application
    arrived: int
    beside: bool


def begin(store: Store) -> None:
    """Create the table when it is missing."""
    store.create([_SCHEMA])


def receive(authority: Authority, data: bytes, carrier: bytes, signature: bytes) -> str:
    """Keep a letter that a member brings; how it stands. The same one again does no harm.

    Raises Refused `no_certificate` or `revoked` for who is no member,
    `other_network` for another network's letter, Damaged for none.
    """
    member = authority.trust.certified(carrier)
    if member is None or not verifies(member.key, admission.carried_statement(data), signature):
        raise Refused(Text("Only devices of the network hand in requests. Join with a code first."), "no_certificate")
    if member.revoked:
        raise Refused(Text("This device was withdrawn from the network. Ask the secretariat."), "revoked")
    letter = admission.read(data)
    if letter.network != fingerprint(authority.key.public):
        raise Refused(admission.OTHER, "other_network")
    asked = admission.opened(letter, authority.key)
    with authority.store.transaction():
        known = _answer(authority, letter)
        if known is None and (beside := _beside(authority, letter, asked)) is not None:
            authority.certify(asked.key, asked.person, asked.device, beside.role, beside.organisations)
            _drop(authority, asked.key)
            known = ADMITTED
        if known is None:
            _keep(authority, letter, data, carrier)
    return known or WAITING


def waiting(authority: Authority) -> list[Waiting]:
    """The requests that wait, the oldest first. One whose seal this key does not open (the key was put back) is left out."""
    found = []
    for data, arrived in authority.store.rows("SELECT data, arrived FROM application ORDER BY place"):
        letter = admission.read(bytes(data))
        try:
            asked = admission.opened(letter, authority.key)
        except Failure:
            continue
        found.append(Waiting(letter.code, asked, arrived, second_device.voucher_of(letter, asked, authority.trust) is not None))
    return found


def admit(authority: Authority, code: str, role: str, organisations: Iterable[str] = ()) -> Application:
    """Make a member of who stands behind a code. Doing it twice is refused: `grant` changes what a member may do.

    Raises NotFound for a code of which nothing waits, Refused `ambiguous`,
    `admitted`, or `person_known`; Invalid and NotFound for a wrong place.
    """
    code, member_of = admission.parse_code(code), check_place(authority, role, organisations)
    with authority.store.transaction():
        one = _of_code(authority, code)
        asked = one.asked
        theirs = next((each for _, each in authority.trust.everyone() if each.person == asked.person and each.key != asked.key), None)
        if theirs is not None and not one.beside:
            raise Refused(Text("Somebody joined under this identity with another key. Ask the person for a new request from a new place."),
                          "person_known")
        authority.certify(asked.key, asked.person, asked.device, role, member_of)
        _drop(authority, asked.key)
    return asked


def refuse(authority: Authority, code: str) -> int:
    """Turn away who stands behind a code: their program hears it by any road, and they stay no member. How many there were: two of one code too."""
    code = admission.parse_code(code)
    with authority.store.transaction():
        found = [one.asked for one in waiting(authority) if one.code == code]
        if not found:
            raise _unknown(authority, code)
        for asked in found:
            turn_away(authority, asked.key, asked.person, asked.device)
            _drop(authority, asked.key)
    return len(found)


def _beside(authority: Authority, letter: Letter, asked: Application) -> Certified | None:
    """The device of the same person by which a request is admitted at once; None where there is none, or the person has many already."""
    found = second_device.voucher_of(letter, asked, authority.trust)
    if found is None or sum(one.person == found.person and not one.revoked for _, one in authority.trust.everyone()) >= MOST_DEVICES:
        return None
    return found


def _of_code(authority: Authority, code: str) -> Waiting:
    found = [one for one in waiting(authority) if one.code == code]
    if not found:
        raise _unknown(authority, code)
    if len(found) > 1:
        raise Refused(_AMBIGUOUS, "ambiguous")
    return found[0]


def _unknown(authority: Authority, code: str) -> Failure:
    one = next((one for _, one in authority.trust.everyone() if admission.code_of(one.key) == code), None)
    if one is None:
        return NotFound(Text("No request with the code {code} has arrived. It may still be on its way: “dalil-server requests” lists them.",
                             code=code), "request_unknown")
    if one.revoked:
        return Refused(Text("The request {code} was refused.", code=code), "refused")
    return Refused(Text("The request {code} was admitted already. “dalil-server grant” changes what a member may do.", code=code), "admitted")


def _answer(authority: Authority, letter: Letter) -> str | None:
    known: Certified | None = authority.trust.certified(key_id(letter.key))
    if known is None:
        return None
    return REFUSED if known.revoked else ADMITTED


def _keep(authority: Authority, letter: Letter, data: bytes, carrier: bytes) -> None:
    store, key = authority.store, letter.key.hex()
    before = store.value("SELECT number FROM application WHERE key = ?", (key,))
    if before is not None and before >= letter.number:
        return
    place = (store.value("SELECT max(place) FROM application") or 0) + 1
    store.execute("DELETE FROM application WHERE key = ?", (key,))
    store.execute("INSERT INTO application (key, number, place, carrier, arrived, data) VALUES (?, ?, ?, ?, ?, ?)",
                  (key, letter.number, place, carrier, authority.clock(), data))
    for most, where, args in ((MOST_CARRIED, "WHERE carrier = ?", (carrier,)), (MOST, "", ())):
        last = store.value(f"SELECT place FROM application {where} ORDER BY place DESC LIMIT 1 OFFSET {most}", args)
        if last is not None:
            also = " AND carrier = ?" if args else ""
            store.execute(f"DELETE FROM application WHERE place <= ?{also}", (last, *args))


def _drop(authority: Authority, key: bytes) -> None:
    authority.store.execute("DELETE FROM application WHERE key = ?", (key.hex(),))
