"""Ids of starter facts, derived from what the source calls a thing; knows no record and no clock."""

import hashlib
import uuid

STARTER_INSTANT_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z, the same for every derived id


def derived_id(kind: str, key: str) -> str:
    """The fixed id of the thing that its source calls `key`, e.g. `derived_id("region", "DJ-OB")`.

    Shaped like a UUIDv7 (48 bits of a fixed instant, version, variant) so that every check of ids
    accepts it; the other 74 bits come from SHA-256 of "dalil-starter/{kind}/{key}" in UTF-8.
    The same thing imported twice, on two PCs, is therefore the same record.
    """
    digest = hashlib.sha256(f"dalil-starter/{kind}/{key}".encode()).digest()
    random_bits = int.from_bytes(digest[:16], "big")
    value = STARTER_INSTANT_MS << 80
    value |= 0x7 << 76 | (random_bits >> 116) << 64
    value |= 0b10 << 62 | random_bits & ((1 << 62) - 1)
    return str(uuid.UUID(int=value))
