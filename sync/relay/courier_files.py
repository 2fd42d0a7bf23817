"""Attachments on a courier: cut into pieces on the way out, taken by their hash on the way in; knows no title and no screen."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from i18n import Text
from sync import fields as shapes
from sync import unsent
from sync.errors import Damaged, Failure
from sync.files import Files
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_manifest import Attachment, Piece
from sync.relay.stick_files import Watch

if TYPE_CHECKING:
    from sync.record import Kinds
    from sync.store import Store
    from sync.workspace import Workspace

PIECE = 32 * 1024 * 1024  # bytes: what a pulled stick costs at most; far below the 4 GB of FAT32
SPARE = 64 * 1024 * 1024  # bytes that stay free on this disk


class Along(NamedTuple):
    """An attachment that is here and may be taken along; `title` by language is shown to whoever reads the stick."""

    sha256: str
    size: int
    title: Mapping[str, str]


def cut(files: Files, one: Along) -> Attachment:
    """An attachment and its pieces; Damaged when the copy here is not what its name says: it must not be passed on."""
    whole, state, pieces, at = hashlib.sha256(), hashlib.sha256(), [], 0
    for data in files.read(one.sha256):
        whole.update(data)
        state.update(data)
        at += len(data)
        if at == PIECE:  # a multiple of what is read at once
            pieces.append(Piece(state.hexdigest(), at))
            state, at = hashlib.sha256(), 0
    if at:
        pieces.append(Piece(state.hexdigest(), at))
    if whole.hexdigest() != one.sha256 or sum(piece.size for piece in pieces) != one.size:
        raise Damaged(Text("A file on this computer is damaged, so it was not copied: “{name}”. Fetch it again from the server.",
                           name=next(iter(one.title.values()), one.sha256[:8])))
    title = {language: words[:300] for language, words in one.title.items() if words}
    return Attachment(one.sha256, one.size, pieces, title, unsent.noted(files, one.sha256))


def of_piece(files: Files, file: Attachment, place: int) -> Iterator[bytes]:
    """The bytes of one piece of a file that is here."""
    left = file.pieces[place].size
    for data in files.read(file.sha256, sum(piece.size for piece in file.pieces[:place])):
        yield data[:left]
        left -= len(data[:left])
        if not left:
            return


def spoken_of(ws: Workspace) -> dict[str, int]:
    """The attachments of which a confirmed public record speaks, by hash, with their sizes: nothing else is taken from a stick."""
    return spoken_in(ws.public, ws.kinds)


def spoken_in(store: Store, kinds: Kinds) -> dict[str, int]:
    """The attachments of which records speak as they read in a database, by hash, with their sizes."""
    found: dict[str, int] = {}
    for kind in kinds.values():
        for field in kind.fields:
            if field.shape == shapes.file():
                rows = store.rows(f'SELECT "{field.name}" FROM {kind.name} WHERE gone = 0 AND "{field.name}" IS NOT NULL')
                for (value,) in rows:
                    file = json.loads(value)
                    found[str(file["sha256"])] = int(file["size"])
    return found


def take(files: Files, folder: CourierFolder, file: Attachment, watch: Watch) -> None:
    """Bring a file here, from where an earlier attempt ended. Each piece is compared with its hash before a byte of it is kept."""
    lacking = file.size - files.held(file.sha256)
    if shutil.disk_usage(files.folder.parent).free < lacking + SPARE:
        raise Failure(Text("There is no room on this computer for the files of the stick. Free some space, then read it again."), "disk_full")
    at = 0
    for piece in file.pieces:
        held = files.held(file.sha256)
        if at + piece.size > held:
            folder.check(piece.sha256, piece.size)
            files.append(file.sha256, max(at, held), _after(folder.stream(piece.sha256, piece.size, watch), held - at), file.size)
        else:
            watch(piece.size)
        at += piece.size
    if file.unsent:
        unsent.note(files, file.sha256)


def _after(pieces: Iterator[bytes], skip: int) -> Iterator[bytes]:
    """What comes after so many bytes."""
    for data in pieces:
        if skip < len(data):
            yield data[max(0, skip):]
        skip -= len(data)
