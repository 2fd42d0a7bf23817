"""Addresses on a local network: which ones are local, which ones this computer has, how one is written down; knows no record."""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from i18n import Text
from sync.errors import Invalid, Refused

PORT = 47_825  # ours; another one is taken where it is in use
_LOCAL = tuple(ipaddress.ip_network(one) for one in (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"))
_MARK = re.compile(r"[0-9a-f]{8,64}\Z")
_FAR = (("10.255.255.254", socket.AF_INET), ("192.168.255.254", socket.AF_INET), ("172.31.255.254", socket.AF_INET),
        ("169.254.255.254", socket.AF_INET), ("fd00::1", socket.AF_INET6))
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a computer shares. `network` is the fingerprint of its network in hexadecimal, empty when nobody said."""

    host: str
    port: int
    network: str = ""

    @property
    def url(self) -> str:
        """As a browser writes it."""
        host = f"[{self.host.replace('%', '%25')}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def code(self) -> str:
        """As a QR code says it."""
        return f"dalil{self.url.removeprefix('http')}/" + (f"#{quote(self.network)}" if self.network else "")


def is_local(host: str) -> bool:
    """Whether an address, as figures, is one of a local network. A name is not: only whoever looks it up knows."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in one for one in _LOCAL if one.version == found.version)


def read_address(text: str) -> Address:
    """An address as it was typed or scanned: `dalil://HOST:PORT/#NETWORK`, `http://HOST:PORT` or `HOST[:PORT]`. Invalid for anything else."""
    typed = text.strip()
    scheme, found, rest = typed.partition("://")
    try:
        parts = urlsplit("http://" + (rest if found else typed))
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _unreadable(typed) from error
    if not host or (found and scheme.lower() not in ("dalil", "http")) or parts.username or any(one.isspace() for one in host):
        raise _unreadable(typed)
    if parts.fragment and not _MARK.match(parts.fragment):
        raise _unreadable(typed)
    return Address(host.replace("%25", "%"), port or PORT, parts.fragment)


def checked_local(address: Address) -> Address:
    """The address, if it is local. For what others announce: only a person may send this computer farther, by typing."""
    if not is_local(address.host):
        raise Refused(Text("{address} is not an address of a local network, so nothing was sent there. Type it by hand if you trust it.",
                           address=address.host), "not_local")
    return address


def own_addresses() -> list[str]:
    """The local addresses of this computer's network cards, the likeliest first; only its loopback where there is no network.

    No byte is sent: the system only says which card it would use.
    """
    found: list[str] = []
    for far, family in _FAR:
        try:
            with closing(socket.socket(family, socket.SOCK_DGRAM)) as asked:
                asked.connect((far, 9))
                found.append(asked.getsockname()[0])
        except OSError:
            continue  # no card leads there
    found += _of_cards()
    kept = [one for one in dict.fromkeys(found) if is_local(one) and not ipaddress.ip_address(one.partition("%")[0]).is_loopback]
    return sorted(kept, key=lambda one: (":" in one, one.startswith("169.254."))) or [_LOOPBACK]


def _of_cards() -> list[str]:
    """Every address of every card, also of those that lead nowhere else: a cable from PC to PC has no route."""
    import ifaddr

    found: list[str] = []
    with suppress(OSError):  # where the system tells nobody
        for card in ifaddr.get_adapters():
            found += [one.ip if isinstance(one.ip, str) else one.ip[0] for one in card.ips]
    return [one for one in found if not one.startswith("fe80:")]  # of the same card on another computer those have other names


def _unreadable(typed: str) -> Invalid:
    return Invalid(Text("“{typed}” is not the address of a computer. Example: 192.168.1.20:47825", typed=typed[:80]))
