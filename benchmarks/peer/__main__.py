"""`python -m benchmarks.peer`: prints the two command lines under which Dalil takes part in the comparison."""

from __future__ import annotations

import json
import sys

from benchmarks.peer import ROOT


def adapter() -> dict[str, object]:
    """Server and client, as `PEER_ADAPTER` wants them."""
    run = [sys.executable, "-m"]
    return {"dalil": {"server": [*run, "benchmarks.peer.server"], "client": [*run, "benchmarks.peer.client"],
                      "env": {"PYTHONPATH": str(ROOT)}}}


if __name__ == "__main__":
    print(json.dumps(adapter(), indent=1))
