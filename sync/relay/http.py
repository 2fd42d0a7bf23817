"""The road over HTTP: one POST a turn, files by Range; knows no record."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from urllib3.exceptions import HTTPError, LocationValueError, ProxySchemeUnknown, SSLError
from urllib3.util import SKIP_HEADER, Timeout, Url, make_headers, parse_url

from i18n import Text, language
from sync import codec
from sync.codec import MAGIC
from sync.errors import Failure, NotADalilServer, NotFound, Offline, Refused
from sync.files import CHUNK
from sync.relay.under_seal import Sealing
from sync.roads import SERVER

PATIENCE = Timeout(connect=10, read=60)  # seconds to connect, and without a byte: a stall monitor, not a total


class HttpCarrier:
    """A server at a URL, over one kept-alive connection. Bytes count bodies and headers, as they are paid for.

    Attributes: `headers` go with every request; exchanges go under seal to `authority`, once its key is known.
    """

    protocol = codec.BRIEF
    road = SERVER

    def __init__(self, url: str, authority: bytes | None = None) -> None:
        self.authority = authority
        self.url = url.rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            self.url = "https://" + self.url
        self.headers = dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER)  # nobody reads them, and each is paid for
        self.bytes_up = self.bytes_down = self.turns = 0

    def exchange(self, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        self.turns += 1
        seal = Sealing(self.authority) if self.authority else None
        answer = self._call("POST", "/exchange", body=body if seal is None else seal.request(body)).data
        if seal is not None:
            answer = seal.answer(answer)
        if not answer.startswith(MAGIC):
            raise self._stranger()
        return answer

    def exchange_while(self, body: bytes, work: Callable[[], None]) -> bytes:
        """The same, with something done here while the server is at work."""
        from concurrent.futures import ThreadPoolExecutor  # few syncs hand in so much

        with ThreadPoolExecutor(1, "carrier") as lane:
            answer = lane.submit(self.exchange, body)
            work()
            return answer.result()

    def join(self, request: dict[str, str]) -> dict[str, Any]:
        """Ask to be certified."""
        headers = {"Accept-Language": language(), "Content-Type": "application/json"}
        answer = self._call("POST", "/join", body=json.dumps(request).encode(), headers=headers)
        try:
            found = json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            raise self._stranger() from error
        if not isinstance(found, dict):
            raise self._stranger()
        return found

    def apply(self, letter: bytes, key: bytes, signature: bytes) -> str:
        """Hand in somebody's request to join."""
        headers = {"Dalil-Signature": f"{key.hex()}:{signature.hex()}", "Content-Type": "application/octet-stream"}
        try:
            state = json.loads(self._call("POST", "/applications", body=letter, headers=headers).data)["state"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._stranger() from error
        return str(state)

    def held(self, sha256: str) -> int:
        """How many bytes of a file are there already."""
        answer = self._call("HEAD", f"/files/{sha256}", missing=True)
        told = answer.headers.get("Content-Length" if answer.status == 200 else "Dalil-Held") or "0"
        if not (told.isascii() and told.isdigit()):
            raise self._stranger()
        return int(told)

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        """Hand in a file from an offset on."""
        headers = {"Dalil-Signature": f"{key.hex()}:{signature.hex()}", "Content-Type": "application/octet-stream"}
        self._call("PUT", f"/files/{sha256}?offset={offset}&size={size}", body=self._counted(pieces), headers=headers)

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from an offset on."""
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        answer = self._call("GET", f"/files/{sha256}", headers=headers, stream=True)
        if offset and answer.status != 206:
            raise self._stranger()
        try:
            for piece in answer.stream(CHUNK, decode_content=False):
                self.bytes_down += len(piece)
                yield piece
        except HTTPError as error:
            raise self._offline() from error
        finally:
            answer.close()

    def close(self) -> None:
        """Let the connection go; the next call opens another."""
        self._connections.clear()

    def _call(self, method: str, path: str, *, body: bytes | Iterator[bytes] | None = None, headers: dict[str, str] | None = None,
              missing: bool = False, stream: bool = False) -> urllib3.BaseHTTPResponse:
        headers = {**self.headers, **(headers or {})}
        try:
            address = parse_url(self.url + path)
            answer = self._connections.request(method, address.url, body=body, headers=headers, timeout=PATIENCE, retries=False, redirect=False,
                                               preload_content=not stream, decode_content=False)
        except SSLError as error:
            raise Offline(
                Text("The server's certificate cannot be checked. Is the date of this computer right? Your work is safe here."), "certificate"
            ) from error
        except ProxySchemeUnknown as error:
            raise self._offline() from error
        except LocationValueError as error:
            raise NotADalilServer(Text("“{url}” is not an address. Example: https://dalil.exemple.dj", url=self.url)) from error
        except (HTTPError, UnicodeError) as error:
            raise self._offline() from error
        self.bytes_up += _sent(method, address, headers, body)
        self.bytes_down += _received(answer, stream=stream)
        if answer.status in (200, 206) or (missing and answer.status == 404):
            return answer
        raise self._failure(answer)

    @cached_property
    def _connections(self) -> urllib3.PoolManager:
        """The one connection, through the proxy that the system names for this address."""
        trusted = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
        trust = {"ca_cert_dir" if os.path.isdir(trusted) else "ca_certs": trusted}
        address, proxies = parse_url(self.url), getproxies()
        proxy = proxies.get(address.scheme or "") or proxies.get("all")
        if not proxy or proxy_bypass(address.netloc or ""):
            return urllib3.PoolManager(**trust)
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        named = parse_url(proxy).auth  # a name and a word, where the proxy asks for them
        return urllib3.ProxyManager(proxy, proxy_headers=make_headers(proxy_basic_auth=unquote(named)) if named else None, **trust)

    def _failure(self, answer: urllib3.BaseHTTPResponse) -> Failure:
        """What a refusal says, when it is one of ours; a redirect or another page is not our server."""
        try:
            told = json.loads(answer.data)["error"]
            code, message, source = str(told["code"]), str(told["message"]), told.get("msgid")
        except HTTPError:
            return self._offline()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return self._stranger() if answer.status < 500 else self._offline()
        sentence = Text.received(str(source or message), None, {})
        if answer.status == 503:
            return Offline(Text("The server is busy. Your work is safe here; try again in a moment."), "busy")
        return NotFound(sentence, code) if answer.status == 404 else Refused(sentence, code)

    def _stranger(self) -> NotADalilServer:
        return NotADalilServer(Text(
            "What answers at {url} is not a Dalil server. Check the address; on a public network, open its login page in a browser first.",
            url=self.url))

    def _offline(self) -> Offline:
        return Offline(Text("The server at {url} cannot be reached. Your work is safe here; it will leave at the next sync.", url=self.url))

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.bytes_up += len(piece)
            yield piece


def _sent(method: str, address: Url, headers: dict[str, str], body: bytes | Iterator[bytes] | None) -> int:
    """Bytes of a request as it goes over the line; a body that comes in pieces is counted piece by piece."""
    length = {"Content-Length": str(len(body))} if isinstance(body, bytes) else {} if body is None else {"Transfer-Encoding": "chunked"}
    line = len(f"{method} {address.request_uri} HTTP/1.1\r\n\r\n")
    return line + _size({"Host": address.netloc, **headers, **length}) + (len(body) if isinstance(body, bytes) else 0)


def _received(answer: urllib3.BaseHTTPResponse, *, stream: bool) -> int:
    status = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n")
    return status + _size(answer.headers) + (0 if stream else len(answer.data))


def _size(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items() if value != SKIP_HEADER)
