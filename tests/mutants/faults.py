"""All planted faults in one list; says nothing of any of them."""

from __future__ import annotations

from tests.mutants import in_exchange, in_healing, in_merging, in_post_box, in_roads, in_undoing

FAULTS = (*in_merging.FAULTS, *in_exchange.FAULTS, *in_healing.FAULTS, *in_post_box.FAULTS, *in_undoing.FAULTS, *in_roads.FAULTS)
