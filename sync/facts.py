"""The kinds of the control ledger: what the authority alone says, to everybody."""

from sync.erased import ERASURE
from sync.identity import CERTIFICATE
from sync.scope_keys import SCOPE_KEY

CONTROL_KINDS = (CERTIFICATE, ERASURE, SCOPE_KEY)
