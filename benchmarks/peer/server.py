"""`python -m benchmarks.peer.server --dir DIR --port PORT [--db URL]`: the real server that also knows the comparison's kind."""

from __future__ import annotations

import argparse
from pathlib import Path

import resources
from benchmarks.peer.kind import known

resources.KINDS = known(resources.KINDS)  # before the server's modules take it: its composition is the real one

from server import invitations  # noqa: E402
from server.crew import serve_together  # noqa: E402
from server.limits import Bounds  # noqa: E402
from server.premises import Premises  # noqa: E402
from server.serving import serve  # noqa: E402

CODES = "codes"  # the file with invitations, beside the server's folder


def main() -> None:
    """Make invitations, then answer until told to stop."""
    parser = argparse.ArgumentParser(prog="benchmarks.peer.server")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", default="", help="a PostgreSQL address in place of SQLite in DIR")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--invitations", type=int, default=8)
    given = parser.parse_args()
    premises = Premises(given.dir, given.db).enter()
    authority = premises.set_up()
    codes = [invitations.invite(authority, "member", (), 30) for _ in range(given.invitations)]
    authority.store.close()
    (given.dir.parent / CODES).write_text("\n".join(codes) + "\n", "utf-8")
    if given.processes > 1:
        serve_together(premises, "127.0.0.1", given.port, Bounds(), given.processes)
    else:
        serve(premises, "127.0.0.1", given.port, Bounds())


if __name__ == "__main__":
    main()
