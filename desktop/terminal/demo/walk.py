"""The main job told in words: two copies offline, the same record, a conflict, its end, equal digests, search, pictures."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from desktop.terminal import saying
from desktop.terminal.demo import network
from desktop.terminal.demo.examples import FISHERS, SCHOOL
from desktop.terminal.demo.replica import Replica
from desktop.terminal.demo.server import Server
from desktop.terminal.demo.steps import Steps
from i18n import language, t, tn
from i18n.bidi import isolated
from i18n.values import phone
from resources.wording import label_of
from sync.errors import Offline

FROM_OBOCK, FROM_TADJOURAH = "+253 77 00 00 11", "+253 77 00 00 22"
PICTURING = 300  # seconds; every page, two languages, on a slow PC


def walk(folder: Path, server: Server, steps: Steps) -> None:
    """Do the main job with two copies and a real server, telling each step and remembering what does not hold."""
    with Replica.join(folder / "obock", server, "member", "Amina (Obock)") as a, \
            Replica.join(folder / "tadjourah", server, "member", "Hassan (Tadjourah)") as b:
        steps.begin(t("Two computers join: {a} and {b}. Each has the whole network.", a=a.name, b=b.name))
        steps.expect(len(a.ws.records("organisation")) == len(b.ws.records("organisation")) > 0, t("both copies hold the same organisations"))
        _offline(a, b, server, steps)
        _edit(a, b, steps)
        _meet_again(a, b, server, steps)
        _conflict(a, b, steps)
        _settle(a, b, steps)
        _equal(a, b, server, steps)
        _find(a, steps)
        _nothing_moves(a, b, steps)
    _pictures(folder / "obock", steps)


def _offline(a: Replica, b: Replica, server: Server, steps: Steps) -> None:
    server.stop()
    steps.begin(t("The connection is cut: the server is stopped."))
    for one in (a, b):
        try:
            one.sync()
        except Offline as offline:
            if one is a:
                steps.detail(str(offline))
        else:
            steps.expect(holds=False, claim=t("nobody can sync without the server"))


def _edit(a: Replica, b: Replica, steps: Steps) -> None:
    fishers, school = network.example_id(FISHERS), network.example_id(SCHOOL)
    steps.begin(t("Both work offline on “{name}”:", name=a.ws.get("organisation", fishers).title))
    for one, number in ((a, FROM_OBOCK), (b, FROM_TADJOURAH)):
        one.ws.edit("organisation", fishers, {"phone": number})
        steps.detail(t("{name} writes the phone {phone}.", name=one.name, phone=phone(number)))
    steps.begin(t("And on “{name}”, each another field:", name=a.ws.get("organisation", school).title))
    a.ws.edit("organisation", school, {"email": "ecole@exemple.dj"})
    steps.detail(t("{name} writes the e-mail.", name=a.name))
    b.ws.edit("organisation", school, {"address": "Quartier du port"})
    steps.detail(t("{name} writes the address.", name=b.name))
    steps.expect(a.ws.status().waiting == b.ws.status().waiting == 2, t("two changes wait on each computer"))


def _meet_again(a: Replica, b: Replica, server: Server, steps: Steps) -> None:
    server.start()
    steps.begin(t("The server is back. Both sync:"))
    for one in (a, b, a):
        report = one.sync()
        steps.detail(t("{name}: {accepted} accepted, {received} received from others",
                       name=one.name, accepted=report.accepted, received=report.received))
        steps.expect(report.refused == 0, t("the server refuses nothing"))
    school = network.example_id(SCHOOL)
    for one in (a, b):
        record = one.ws.get("organisation", school)
        steps.expect(record["email"] == "ecole@exemple.dj" and record["address"] == "Quartier du port" and record.conflicts == 0,
                     t("different fields of one record both stand, without a conflict"))
    steps.detail(t("Different fields of one record: both stand."))


def _conflict(a: Replica, b: Replica, steps: Steps) -> None:
    steps.begin(t("The same field, written twice: nobody loses. The conflict as both see it:"))
    for one in (a, b):
        found = one.ws.conflicts()
        values = [each.value for each in found[0].values] if found else []
        steps.expect(len(found) == 1 and values == [FROM_OBOCK, FROM_TADJOURAH], t("there is exactly one conflict, with both values"))
    now = b.ws.clock()
    for one in b.ws.conflicts():
        steps.detail(f"{isolated(one.title, language())} · {label_of(b.ws.kinds[one.kind], one.field)}")
        for at, each in enumerate(one.values, 1):
            steps.detail(t("{at}. {value}, {name}, {when}", at=str(at), value=saying.said_part(b.ws.kinds[one.kind], one.field, each.value),
                           name=each.author.name, when=saying.moment(each.time, now)))
            steps.expect(bool(each.author.name), t("each value says who wrote it"))


def _settle(a: Replica, b: Replica, steps: Steps) -> None:
    fishers = network.example_id(FISHERS)
    if b.ws.conflicts():
        b.ws.settle(fishers, "phone", keep=2)
    steps.begin(t("{name} settles it: the phone is {phone}. Both sync.", name=b.name, phone=phone(FROM_TADJOURAH)))
    b.sync()
    a.sync()
    for one in (a, b):
        steps.expect(not one.ws.conflicts() and one.ws.get("organisation", fishers)["phone"] == FROM_TADJOURAH,
                     t("the conflict is settled on both computers"))


def _equal(a: Replica, b: Replica, server: Server, steps: Steps) -> None:
    steps.begin(t("The fingerprint of the public records:"))
    digests = {a.name: a.ws.digest(), b.name: b.ws.digest(), t("server"): server.digest()}
    for name, scopes in digests.items():
        steps.detail(f"{scopes.get('public', '–')}  {name}")
    first = a.ws.digest()
    steps.expect(bool(first.get("public")) and all(scopes == first for scopes in digests.values()), t("the three fingerprints are equal"))
    steps.expect(not a.ws.verify() and not b.ws.verify(), t("nothing in either copy is damaged"))
    steps.facts["digest"] = first


def _find(a: Replica, steps: Steps) -> None:
    from resources.search import search

    steps.begin(t("Search, in both scripts:"))
    for asked, wanted in (("اوبوك", ("أوبوك",)), ("ecole", ("école",)), ("Tadjoura", ("Tadjourah", "تاجورة"))):
        found = search(a.ws, asked, limit=200)
        names = [text for hit in found.hits for text in _titles(hit.record[hit.record.kind.title])]
        shown = [next((name for name in names if one in name), "") for one in wanted]
        steps.detail(t("“{asked}” finds {found}", asked=asked, found=" · ".join(one or saying.NOTHING for one in shown)))
        steps.expect(all(shown) and not any(hit.fuzzy for hit in found.hits), t("“{asked}” finds what is written another way", asked=asked))


def _titles(title: object) -> list[str]:
    return [str(one) for one in title.values()] if isinstance(title, dict) else [str(title or "")]


def _nothing_moves(a: Replica, b: Replica, steps: Steps) -> None:
    moved = 0
    for one in (a, b):
        report = one.sync()
        moved += report.sent + report.accepted + report.refused + report.received
    steps.begin(tn("One more sync on both: {n} change moves.", "One more sync on both: {n} changes move.", moved))
    steps.expect(moved == 0, t("a sync with nothing to do moves nothing"))


def _pictures(folder: Path, steps: Steps) -> None:
    """The pages as pictures, drawn by another process: this one has no Qt."""
    steps.begin(t("The pages of the app, drawn without a display:"))
    out = Path(tempfile.mkdtemp(prefix="dalil-pictures-"))
    words = [sys.executable, "-m", "desktop.pictures", "--data", str(folder), "--out", str(out), "--quick"]
    try:
        done = subprocess.run(words, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True,
                              encoding="utf-8", errors="replace", timeout=PICTURING, check=False)
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        code = done.returncode
    except subprocess.TimeoutExpired:
        last, code = [t("it took too long")], 1
    pictures = sorted(out.rglob("*.png"))
    for picture in pictures:
        steps.detail(str(picture))
    if code:
        steps.detail(" ".join(last))
    if not pictures:
        out.rmdir()
    steps.expect(code == 0 and bool(pictures), t("the pages were drawn"))
    steps.facts["pictures"] = [str(one) for one in pictures]
