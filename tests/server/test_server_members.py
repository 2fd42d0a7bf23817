"""Members after they joined, at a real server: another role, several organisations, and what their program takes up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from resources import KINDS
from resources.rights import actor_of
from sync.actor import Actor
from sync.exchange import join, sync
from sync.keyring import Keyring
from sync.workspace import Workspace
from tests.server_process import ServerProcess


def associations(server: ServerProcess, ws: Workspace, *names: str) -> list[str]:
    """Organisations of the directory that have these names; their ids."""
    ids = [ws.add("organisation", {"name": {"fr": name}}).id for name in names]
    sync(ws)
    return ids


def test_a_person_of_two_associations_and_one_that_they_leave(server: ServerProcess, replica: Callable[..., Workspace], tmp_path: Path) -> None:
    office = replica(server, "Bureau", "moderator")
    first, second, third = associations(server, office, "Pêcheurs", "Femmes", "Jeunes")
    ws = Workspace(tmp_path / "both", KINDS)
    join(ws, server.url, server.json("invite", "--role", "member", "--org", first, "--org", second)["code"], "Amina")
    assert actor_of(ws) == Actor("member", ws.vault.word("person"), (first, second))
    device = ws.vault.word("device")
    listed = next(one for one in server.json("devices")["items"] if one["device"] == device)
    assert (listed["organisations"], listed["name"], listed["role"]) == ([first, second], "Amina", "member")

    said = server.json("grant", device, "--role", "editor", "--org", third, "--leave", first)
    assert said == {"person": ws.vault.word("person"), "role": "editor", "organisations": [second, third], "devices": [device]}
    assert actor_of(ws).role == "member"  # nobody has told this computer
    sync(ws)
    assert actor_of(ws) == Actor("editor", ws.vault.word("person"), (second, third))
    assert ws.status().organisations == (second, third)
    assert server.json("grant", ws.vault.word("person"), "--org", third) == said | {"devices": [device]}
    assert server.json("verify")["ok"]
    ws.close()


def test_who_leaves_an_association_is_not_given_its_new_key(server: ServerProcess, replica: Callable[..., Workspace], tmp_path: Path) -> None:
    office = replica(server, "Secrétariat", "moderator")
    kept, = associations(server, office, "Réseau")
    stays, leaves = (Workspace(tmp_path / name, KINDS) for name in ("stays", "leaves"))
    for ws in (stays, leaves):
        join(ws, server.url, server.json("invite", "--org", kept)["code"], "Membre")
        ws.vault.append(f"org:{kept}", _change(ws))
        sync(ws)
    scope = f"org:{kept}"

    def newest(ws: Workspace) -> int:
        sync(ws)
        found = Keyring(ws.public, ws.vault.key(), ws.vault.setting("authority") or b"").of_scope(scope)
        assert found is not None
        return found.generation

    assert newest(stays) == newest(leaves) == 1
    server.json("grant", leaves.vault.word("device"), "--leave", kept)
    assert (newest(stays), newest(leaves)) == (2, 1)
    assert leaves.status().organisations == ()
    for ws in (stays, leaves):
        ws.close()


def _change(ws: Workspace) -> object:
    """A change of a kind that only a newer program knows, so that the scope begins."""
    import uuid

    from sync.change import Change, Operation, Write
    from sync.record import uuid7

    return Change(uuid.UUID(uuid7(ws.clock(), ws.random)).bytes, "minute", Operation.CREATE, ws.clock(), [Write("text", "x", [])])


def test_what_cannot_be_granted_is_said(server: ServerProcess) -> None:
    nobody = "01990000-0000-7000-8000-0000000000aa"
    for words, code in ((("grant", nobody, "--role", "editor"), "not_found"), (("grant", nobody), "invalid"),
                        (("grant", nobody, "--org", nobody), "not_found"), (("invite", "--org", nobody), "not_found")):
        done = server.run(*words, "--json")
        assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, code), words
    assert server.run("grant", nobody, "--role", "king").returncode == 2
