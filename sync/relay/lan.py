"""Sharing on the local network: this computer answers others until it is stopped; knows no screen, and no word but where it stands.

Plain HTTP does: what travels is signed, and sealed where it is not for
everybody. Nobody from beyond the local network is answered.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from threading import Thread

from cheroot.wsgi import Server

from i18n import Text
from sync.errors import Failure, Refused
from sync.identity import fingerprint
from sync.relay.lan_limits import HEADERS, PATIENCE, QUEUE, THREADS, Connection, Visitors
from sync.relay.lan_server import Counts, Host
from sync.relay.lan_words import name_said
from sync.relay.local import PORT, Address, own_addresses
from sync.workspace import Workspace

EVERYWHERE = ("::", "0.0.0.0")  # noqa: S104 - every card of this computer; who is not local is not answered


class Sharing:
    """One data folder served on the local network, from `start` to `stop`.

    `guest` opens the folder as a guest does, for as long as nobody is
    unlocked; `authority` is the public key of the network. `told` is called
    in a thread of its own whenever `counts` have moved.
    """

    def __init__(self, guest: Callable[[], Workspace], authority: bytes, *, name: str = "", port: int = 0,
                 hosts: tuple[str, ...] = EVERYWHERE, told: Callable[[], None] = lambda: None) -> None:
        if not authority:
            raise Refused(Text("This computer has not joined a network yet. Join with the code that the secretariat gave you."), "not_joined")
        self.host = Host(guest, authority, name_said(name), told)
        self.network = fingerprint(authority).hex()
        self._hosts = hosts
        self._wanted = port
        self._server: Server | None = None
        self._thread: Thread | None = None

    @property
    def counts(self) -> Counts:
        """What happened so far."""
        return self.host.counts

    @property
    def port(self) -> int:
        """Where visitors come in; 0 while it is not shared."""
        return int(self._server.bind_addr[1]) if self._server is not None else 0

    def addresses(self) -> list[Address]:
        """Where others find this computer, the likeliest first: one a network card."""
        own = own_addresses() if self._hosts == EVERYWHERE else list(self._hosts)
        return [Address(one, self.port, self.network) for one in own]

    def start(self, person: Workspace | None = None) -> None:
        """Serve from now on. Failure, with what to do, when no port can be had."""
        self.host.use(person)
        problem: OSError | None = None
        for port in (self._wanted,) if self._wanted else (PORT, 0):  # ours, or any where a program has it
            for host in self._hosts:  # a system without IPv6 has the second
                server = self._made(host, port)
                try:
                    server.prepare()
                except OSError as error:
                    problem = error
                    continue
                self._server = server
                self._thread = Thread(target=server.serve, name="sharing", daemon=True)
                self._thread.start()
                return
        raise _not_served(self._wanted or PORT, problem)

    def use(self, person: Workspace | None) -> None:
        """Serve from this person's workspace, or as a guest before it is closed."""
        self.host.use(person)

    def stop(self) -> None:
        """Let nobody in any more; who is being answered is cut, and goes on from there another time."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = None
        self.host.close()

    def _made(self, host: str, port: int) -> Server:
        made = Server((host, port), self.host, numthreads=THREADS, server_name="Dalil", request_queue_size=QUEUE, timeout=PATIENCE,
                      shutdown_timeout=2, accepted_queue_size=QUEUE, accepted_queue_timeout=1)
        made.ConnectionClass = Connection
        made.visitors = Visitors()
        made.max_request_header_size = HEADERS
        made.keep_alive_conn_limit = QUEUE
        made.error_log = _silent  # a visitor's nonsense is no news, and an address is not to stand in a log
        return made


def _silent(*_: object, **__: object) -> None:
    pass


def _not_served(port: int, error: OSError | None) -> Failure:
    if error is not None and error.errno in (errno.EACCES, errno.EPERM, getattr(errno, "WSAEACCES", errno.EACCES)):
        return Refused(Text("This system does not let Dalil share on port {port}. On Windows, allow Dalil for private networks in the firewall.",
                            port=str(port)), "port")
    if isinstance(error, socket.gaierror) or (error is not None and error.errno == errno.EADDRNOTAVAIL):
        return Refused(Text("This computer has no network at this moment. Connect it to the others’ Wi-Fi or cable, then share."), "no_network")
    return Refused(Text("Port {port} is used by another program on this computer. Choose another one with --port, or none.", port=str(port)), "port")
