"""A request to join that was written on a PC without a network: how it is sealed, carried and read; knows no database and no road.

A person's key is made on their PC. The **letter** says, sealed to the
authority, who they are and what they wish; in clear stand only the key, the
network and a number, and the key signs all of it: so a carrier tells a letter
from rubbish and the newer of two from the older, and learns no name. Its
**code** is 60 bits of a digest of the key, short enough for a slip of paper:
whoever admits the code at the server admits that key and no other.
"""

from __future__ import annotations

import unicodedata
import uuid

import msgspec

from i18n import Text
from sync import codec
from sync.errors import Damaged, Invalid
from sync.identity import SigningKey, fingerprint, key_id, seal, verifies
from sync.invitation import ALPHABET, letters, meant
from sync.proofs import ALTERED

MAX_LETTER = 4096  # bytes
MAX_WORDS = 200  # characters of a name, and of the organisation that is wished
SCHEME = "dalil-request:"  # before code and key in the picture that a phone reads
_CODE, _GROUP = 12, 4  # characters
_VERSION = 1
OTHER = Text("This belongs to another network than this computer’s.")
_NO_CODE = Text("This is not the code of a request. It has twelve letters and figures, such as 7K3M-9QXA-R2TB, and stands on the printed slip.")


class Application(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed: the ids that this PC made, the name, the organisation as it was typed, when (ms since 1970 by that PC's clock).

    `beside` is set when another device of the same person vouches for this one
    (`sync/second_device.py`): its key, and its signature.
    """

    key: bytes
    person: str
    device: str
    name: str
    organisation: str = ""
    time: int = 0
    beside: tuple[bytes, bytes] | None = None


class Letter(msgspec.Struct, array_like=True, frozen=True):
    """What travels. `network` is the fingerprint of the authority's key; of two letters of a key the greater `number` counts."""

    version: int
    network: bytes
    key: bytes
    number: int
    sealed: bytes
    signature: bytes

    @property
    def code(self) -> str:
        """What stands on the slip."""
        return code_of(self.key)

    @property
    def name(self) -> bytes:
        """The 8-byte name of the key, by which carriers keep it."""
        return key_id(self.key)


def code_of(key: bytes) -> str:
    """The code of a key as it is printed: `XXXX-XXXX-XXXX`."""
    number = int.from_bytes(codec.digest(b"dalil application", key)[:8], "big") >> 4
    return _grouped(letters(number, _CODE))


def parse_code(typed: str) -> str:
    """A code as somebody typed it off a slip, or as the picture on it says it; Invalid when it is none."""
    found = meant(typed.strip().lower().removeprefix(SCHEME).partition(":")[0])
    if len(found) != _CODE or any(each not in ALPHABET for each in found):
        raise Invalid(_NO_CODE, code="request_unknown")
    return _grouped(found)


def picture_of(key: bytes) -> str:
    """What the picture on a slip says: the code and the whole key."""
    return f"{SCHEME}{code_of(key)}:{key.hex()}"


def check(asked: Application) -> None:
    """Invalid, with a sentence, when the name is empty or a text is too long or holds what no list can show."""
    for words in (asked.name, asked.organisation):
        if len(words) > MAX_WORDS:
            raise Invalid(Text("This text has {n} characters; {limit} is the most. Shorten it.", n=len(words), limit=MAX_WORDS))
        if _is_odd(words):
            raise Invalid(Text("This text holds invisible control characters. Type it again instead of pasting it."))
    if not asked.name:
        raise Invalid(Text("Write your name, as people know you."))


def written(own: SigningKey, authority: bytes, asked: Application, number: int) -> bytes:
    """A letter, sealed and signed."""
    network, sealed = fingerprint(authority), seal(authority, codec.pack(asked))
    return codec.pack(Letter(_VERSION, network, own.public, number, sealed, own.sign(_statement(network, number, sealed))))


def read(data: bytes) -> Letter:
    """A letter that its key signed; Damaged when it is none."""
    if len(data) > MAX_LETTER:
        raise Damaged(ALTERED)
    found: Letter = codec.unpack(data, Letter)
    fits = found.version == _VERSION and len(found.key) == 32 and len(found.network) == 4 and 0 < found.number < 2**48
    if not fits or not verifies(found.key, _statement(found.network, found.number, found.sealed), found.signature):
        raise Damaged(ALTERED)
    return found


def opened(letter: Letter, authority: SigningKey) -> Application:
    """What the authority finds in a letter; Damaged when it was sealed to another, or says another key or ids that are none."""
    found: Application = codec.unpack(authority.unseal(letter.sealed), Application)
    texts = (found.name, found.organisation)
    if found.key != letter.key or not found.name.strip() or any(len(one) > MAX_WORDS or _is_odd(one) for one in texts):
        raise Damaged(ALTERED)
    try:
        same = all(str(uuid.UUID(id)) == id for id in (found.person, found.device))
    except ValueError:
        same = False
    if not same:
        raise Damaged(ALTERED)
    return found


def carried_statement(letter: bytes) -> bytes:
    """What a carrier signs when they hand in somebody's letter."""
    return codec.pack(["dalil carried", codec.digest(letter)])


def _is_odd(words: str) -> bool:
    """Whether a text would disturb the list that it is shown in: breaks of lines, marks of direction and the like."""
    return any(unicodedata.category(each)[0] == "C" for each in words)


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _statement(network: bytes, number: int, sealed: bytes) -> bytes:
    return codec.pack(["dalil application", network, number, codec.digest(sealed)])
