"""What a courier folder says of itself: which network, which parts, how many bytes, with the hash of each; opens no file.

A manifest is one line of JSON that a person can read, and under it the SHA-256
of that line: so a torn one is known as torn. No path and no name of a file
stands in it, but for the program's, which is only compared. Where a part lies
follows from its hash, and from nothing else.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from i18n import Text
from sync import codec
from sync.errors import Damaged, Invalid
from sync.files import LARGEST
from sync.identity import fingerprint
from sync.invitation import letters
from sync.relay.stick_program import Program

FORMAT = 1
MAX_MANIFEST = 8 * 1024 * 1024  # bytes
MAX_PART = 64 * 1024 * 1024  # bytes: a snapshot of more than half a million records; FAT32 would bear 4 GB less a byte
MAX_PARTS = 20_000  # parts, and pieces of files, each
MAX_RECORDS = 1024 * 1024 * 1024  # bytes of parts in all, files apart
LAST_NUMBER = 999_999_990  # of a manifest: nine digits in its name
TORN = Text("The courier on this stick is not whole: it was copied in part, or altered. Nothing of it was taken. Copy it once more.")

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Word = Annotated[str, msgspec.Meta(max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**48)]
Size = Annotated[int, msgspec.Meta(gt=0, le=MAX_PART)]


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of the folder with some items of one kind in it. What it holds is said for a person's eyes; nothing is believed because of it.

    `scope` is a ledger's name (opaque for those that are not in clear), `first` and `last` numbers of it, `names` those of parcels.
    """

    sha256: Sha256
    size: Size
    kind: Word
    items: Count = 0
    scope: Word = ""
    first: Count = 0
    last: Count = 0
    names: Annotated[list[Word], msgspec.Meta(max_length=MAX_PARTS)] = []


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """Some bytes of an attachment, in a file of their own."""

    sha256: Sha256
    size: Size


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole attachment of a public record, in pieces one after the other; its title by language, if it has one.

    `unsent` says that the server may lack it: whoever takes it from the stick hands it in.
    """

    sha256: Sha256
    size: Annotated[int, msgspec.Meta(gt=0, le=LARGEST)]
    pieces: Annotated[list[Piece], msgspec.Meta(max_length=MAX_PARTS)]
    title: dict[Word, Annotated[str, msgspec.Meta(max_length=300)]] = {}
    unsent: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """The whole courier. `network` is the fingerprint of the authority's key (hexadecimal, as in an invitation), `authority` the key itself."""

    dalil_courier: int
    number: Annotated[int, msgspec.Meta(gt=0, le=LAST_NUMBER)]
    network: Word
    authority: Sha256  # 32 bytes, as a hash has
    count: Count
    bytes: Count
    parts: Annotated[list[Part], msgspec.Meta(max_length=MAX_PARTS)]
    files: Annotated[list[Attachment], msgspec.Meta(max_length=MAX_PARTS)] = []
    program: Program | None = None  # beside the courier's folder; counted by itself

    @property
    def key(self) -> bytes:
        """The public key of the network that this courier is of."""
        return bytes.fromhex(self.authority)

    @property
    def pieces(self) -> list[Piece]:
        """Every piece of every attachment, in order."""
        return [piece for file in self.files for piece in file.pieces]


class _Beginning(msgspec.Struct, frozen=True):
    dalil_courier: int


_NAME = re.compile(r"manifest-([1-9]\d{0,8})\.json\Z", re.IGNORECASE)


def made(number: int, authority: bytes, parts: list[Part], files: list[Attachment], program: Program | None = None) -> Manifest:
    """The manifest of these parts and files; Invalid when they are more than one courier can hold."""
    if len(parts) > MAX_PARTS or sum(len(one.pieces) for one in files) > MAX_PARTS or sum(one.size for one in parts) > MAX_RECORDS:
        raise Invalid(Text("This is more than one courier can hold. Take fewer files along."), code="too_much")
    total = sum(one.size for one in parts) + sum(one.size for one in files)
    return Manifest(FORMAT, number, fingerprint(authority).hex(), authority.hex(), len(parts) + sum(len(one.pieces) for one in files), total,
                    parts, files, program)


def name_of(number: int) -> str:
    """The name of the manifest of a number: each gets a new name, so no rename has to replace anything."""
    return f"manifest-{number}.json"


def number_of(name: str) -> int | None:
    """The number in a manifest's name; None when it is another file's."""
    found = _NAME.match(name)
    return int(found[1]) if found and int(found[1]) <= LAST_NUMBER else None


def written(manifest: msgspec.Struct) -> bytes:
    """The bytes of a manifest, also of another kind of folder."""
    line = codec.canonical_json(manifest)
    return line + b"\n" + codec.digest(line).hex().encode() + b"\n"


def line_of(data: bytes, torn: Text) -> bytes:
    """The line of a manifest; Damaged, with this sentence, when what stands under it is not its SHA-256."""
    line, _, rest = data.partition(b"\n")
    if rest != codec.digest(line).hex().encode() + b"\n":
        raise Damaged(torn)
    return line


def read(data: bytes) -> Manifest:
    """The manifest in these bytes; Damaged when they are torn, Invalid when a newer program wrote them."""
    line = line_of(data, TORN)
    try:
        if msgspec.json.decode(line, type=_Beginning).dalil_courier > FORMAT:
            raise Invalid(Text("A newer version of Dalil wrote this courier. Update this program, then read it again."), code="newer_version")
        found = msgspec.json.decode(line, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(TORN) from error
    whole = all(sum(piece.size for piece in one.pieces) == one.size for one in found.files)
    said = (found.count, found.bytes) == (len(found.parts) + len(found.pieces), sum(p.size for p in found.parts) + sum(f.size for f in found.files))
    fits = len(found.pieces) <= MAX_PARTS and sum(one.size for one in found.parts) <= MAX_RECORDS
    fits = fits and (found.program is None or found.program.is_sound)
    if found.dalil_courier != FORMAT or not whole or not said or not fits or found.network != fingerprint(found.key).hex():
        raise Damaged(TORN)
    return found


def shown_network(authority: bytes) -> str:
    """The fingerprint of a network as people compare it, on paper or by telephone: sixteen letters and figures, 80 bits of its key."""
    code = letters(int.from_bytes(codec.digest(b"dalil authority", authority)[:10], "big"), 16)
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))
