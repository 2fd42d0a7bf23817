"""Make the four files of facts from the shared data; knows the sources, not the records.

    python -m resources.starter.build_facts [--shared DIR] [--out DIR]

DIR of the shared data is DALIL_SHARED or ../shared beside the repository. The same input gives the
same bytes, so that a test can compare them with what is committed.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from resources.starter import cso_facts, place_facts

HERE = Path(__file__).parent


def facts(shared: Path) -> dict[str, dict[str, Any]]:
    """The content of each file by its name."""
    geo = shared / "data" / "geo" / "whosonfirst"
    rows = cso_facts.read_receivers(shared / "data" / "iati" / "dj_local_cso_receivers.csv")
    return {
        "regions.json": {"source": place_facts.SOURCE, "regions": place_facts.read_regions(geo)},
        "localities.json": {
            "source": place_facts.SOURCE,
            "localities": place_facts.read_localities(geo),
        },
        "organisations.json": {
            "source": cso_facts.SOURCE,
            "organisations": cso_facts.organisations(rows),
        },
        "projects.json": {"source": cso_facts.SOURCE, "projects": cso_facts.projects(rows)},
    }


def as_text(content: dict[str, Any]) -> str:
    """JSON with one record a line: small in git, and a change shows as the record it touches."""
    blocks = []
    for key, value in content.items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in value)
            blocks.append(f' "{key}": [\n{lines}\n ]')
        else:
            blocks.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> None:
    """Write the files."""
    beside = HERE.parents[1].parent / "shared"
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--shared", type=Path, default=os.environ.get("DALIL_SHARED", beside))
    options.add_argument("--out", type=Path, default=HERE)
    chosen = options.parse_args()
    for name, content in facts(Path(chosen.shared)).items():
        (chosen.out / name).write_text(as_text(content), "utf-8")


if __name__ == "__main__":
    main()
