"""What the network shares, and the rules about it; knows no Qt and no HTTP."""

from resources import collection, contact, item, note, organisation, person, place, project
from sync.record import Kinds

KINDS = Kinds((
    organisation.KIND,
    contact.KIND,
    project.KIND,
    place.KIND,
    item.KIND,
    collection.KIND,
    person.KIND,
    note.KIND,
))

__all__ = ["KINDS"]
