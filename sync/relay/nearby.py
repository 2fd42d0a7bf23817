"""Who shares nearby: announces this computer on the local network and hears the others, from when it is asked to; knows no record and no screen.

Only what the owner chose is told: a name, the network's fingerprint and a
port. The name of the computer itself stays out of it, people name those after
themselves. What others announce is a hint: their address must be local, and
whether they are of our network is seen again when they are visited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self

from zeroconf import Error, InterfaceChoice, IPVersion, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from i18n import Text
from sync.errors import Refused
from sync.relay.lan_words import name_said
from sync.relay.local import Address, is_local

SERVICE = "_dalil._tcp.local."
MOST = 50  # computers that are listed; a room holds fewer
_ASKED = 3_000  # ms to wait for what an announcement leads to


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A computer that says it shares. `ours` is whether it names our network; `name` is empty where its owner chose none."""

    key: str
    name: str
    address: Address
    ours: bool


class Nearby:
    """Ears and voice on the local network, from the first call until `close`.

    `network` is the fingerprint of ours. `told` is called in a thread of its
    own whenever `found` reads differently. With `cards` only those addresses'
    network cards are used, without them all.
    """

    def __init__(self, network: str, told: Callable[[], None] = lambda: None, *, cards: tuple[str, ...] = ()) -> None:
        self.network = network
        self._told = told
        self._cards = cards
        self._lock = Lock()
        self._found: dict[str, Neighbour] = {}
        self._own = ""
        self._zeroconf: Zeroconf | None = None
        self._browser: ServiceBrowser | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def found(self) -> list[Neighbour]:
        """Who is there now, of our network first, by name."""
        with self._lock:
            return sorted(self._found.values(), key=lambda one: (not one.ours, one.name or "\uffff", one.address.url))

    def announce(self, name: str, addresses: list[Address]) -> None:
        """Let others find this computer. Refused, with what to do, where that is not possible."""
        said = name_said(name)
        self._own = f"Dalil {secrets.token_hex(4)}.{SERVICE}"
        info = ServiceInfo(SERVICE, self._own, port=addresses[0].port, parsed_addresses=[one.host for one in addresses],
                           properties={"network": self.network, "name": said}, server=f"dalil-{secrets.token_hex(4)}.local.")
        with _said_plainly():
            self._open().register_service(info)

    def listen(self) -> None:
        """Hear who shares nearby. Refused, with what to do, where that is not possible."""
        with _said_plainly():
            if self._browser is None:
                self._browser = ServiceBrowser(self._open(), SERVICE, _Listener(self._heard, self._left))

    def close(self) -> None:
        """Say goodbye and hear nobody any more."""
        if self._zeroconf is not None:
            with suppress(Error, OSError):  # the network may be gone by now: nobody would hear it
                self._zeroconf.unregister_all_services()
            self._zeroconf.close()
            self._zeroconf = self._browser = None

    def _open(self) -> Zeroconf:
        if self._zeroconf is None:
            cards = list(self._cards) or InterfaceChoice.All
            try:
                self._zeroconf = Zeroconf(interfaces=cards, ip_version=IPVersion.V4Only if self._cards else IPVersion.All)
            except OSError:  # a system without IPv6
                self._zeroconf = Zeroconf(interfaces=cards, ip_version=IPVersion.V4Only)
        return self._zeroconf

    def _heard(self, zeroconf: Zeroconf, name: str) -> None:
        info = zeroconf.get_service_info(SERVICE, name, _ASKED)
        if info is None or name == self._own:
            return
        hosts = sorted((one for one in info.parsed_scoped_addresses() if is_local(one)), key=lambda one: ":" in one)
        told = info.decoded_properties
        ours = told.get("network") == self.network
        if hosts and info.port:
            address = Address(hosts[0], info.port, self.network if ours else "")
            with self._lock:
                if len(self._found) < MOST or name in self._found:
                    self._found[name] = Neighbour(name, name_said(told.get("name") or ""), address, ours)
            self._told()

    def _left(self, name: str) -> None:
        with self._lock:
            gone = self._found.pop(name, None)
        if gone is not None:
            self._told()


class _Listener(ServiceListener):
    """What the library calls, in its own thread."""

    def __init__(self, heard: Callable[[Zeroconf, str], None], left: Callable[[str], None]) -> None:
        self._heard = heard
        self._left = left

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self._heard(zc, name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self._heard(zc, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self._left(name)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Whatever the library or the system says, as a sentence."""
    try:
        yield
    except (OSError, Error) as error:
        raise Refused(Text("Computers nearby cannot be found from here: there is no network, or a firewall holds it back. On Windows, allow Dalil"
                           " for private networks; or type the address that the other computer shows."), "no_network") from error
