"""What the commands about members do: who asks is admitted or not, what one may do is changed; knows no option's name on the command line."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from i18n import Text, t, tn
from server import applications
from server.commands import Answer, authority_of
from server.invitations import check_place
from server.premises import Premises
from sync.appointing import appoint
from sync.errors import Invalid, NotFound


def grant(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Another role, other organisations, for a person on all their devices; NotFound when nobody of that id is a member."""
    if asked.role is None and not asked.org and not asked.leave:
        raise Invalid(Text("Say what changes: --role, --org or --leave."))
    with authority_of(premises) as authority:
        joins = check_place(authority, asked.role, asked.org)
        person = next((one.person for _, one in authority.trust.everyone() if asked.who in (one.device, one.person) and not one.revoked), None)
        if person is None:
            raise NotFound(Text("No member has a device with the id {id}. “dalil-server devices” lists them.", id=asked.who[:60]))
        found = appoint(authority, person, asked.role, joins, asked.leave)
    last = found[-1]
    answer = {"person": person, "role": last.role, "organisations": list(last.organisations), "devices": [one.device for one in found]}
    return Answer(answer, [tn("{n} device follows.", "{n} devices follow.", len(found)),
                           t("Their program takes it up at its next sync, or from a stick or a computer that has heard it.")])


def requests(premises: Premises, _: argparse.Namespace) -> Answer:
    """Who asks to be let in, by the code that stands on their slip."""
    with authority_of(premises) as authority:
        found = applications.waiting(authority)
    items = [{"code": one.code, "name": one.asked.name, "organisation": one.asked.organisation, "beside": one.beside,
              "arrived": datetime.fromtimestamp(one.arrived / 1000, UTC).isoformat(timespec="seconds")} for one in found]
    lines = ["  ".join(part for part in (one["code"], one["arrived"][:10], one["name"], one["organisation"]) if part) for one in items]
    return Answer({"items": items}, lines or [t("Nobody asks to be let in.")])


def admit(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Make a member of who stands behind a code."""
    with authority_of(premises) as authority:
        found = applications.admit(authority, asked.code, asked.role, asked.org)
    answer = {"person": found.person, "device": found.device, "name": found.name, "role": asked.role, "organisations": asked.org}
    return Answer(answer, [t("{name} is a member now. Their program hears it at the next sync of anybody there, or from a stick.", name=found.name)])


def refuse(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Turn away who stands behind a code."""
    with authority_of(premises) as authority:
        count = applications.refuse(authority, asked.code)
    return Answer({"refused": count}, [tn("{n} request refused.", "{n} requests refused.", count)])
