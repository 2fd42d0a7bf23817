"""The person of the network: the name that members see beside a change; knows no key and no account."""

from i18n import Text
from sync.record import Kind, text
from sync.scopes import NETWORK

KIND = Kind(
    name="person",
    label=Text("Person"),
    plural=Text("People"),
    scopes=(NETWORK,),
    title="name",
    fields=(text("name", Text("Name"), required=True, limit=120),),
)
