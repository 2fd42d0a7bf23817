"""The person of the network: the name that members see beside a change; knows no key and no account."""

from i18n import Text
from sync.record import NETWORK, Kind, text

KIND = Kind(
    name="person",
    label=Text("Person"),
    plural=Text("People"),
    scopes=(NETWORK,),
    title="name",
    fields=(text("name", Text("Name"), required=True, limit=120),),
)
