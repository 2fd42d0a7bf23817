"""What the commands about members do: what one may do is changed; knows no option's name on the command line."""

from __future__ import annotations

import argparse

from i18n import Text, t, tn
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
