"""The road over HTTP: one POST a turn, files by Range; knows no record."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.util import SKIP_HEADER

from i18n import Text, language
from sync import codec
from sync.codec import MAGIC
from sync.errors import Failure, NotADalilServer, NotFound, Offline, Refused
from sync.files import CHUNK

CONNECT, SILENCE = 10, 60  # seconds to connect, and without a byte: a stall monitor, not a total


class HttpCarrier:
    """A server at a URL, over one kept-alive connection. Bytes count bodies and headers, as they are paid for."""

    protocol = codec.BRIEF

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            self.url = "https://" + self.url
        self.session = requests.Session()
        with suppress(ValueError):  # what is no address is said when it is called
            self.session.proxies.update(get_environ_proxies(self.url))  # asked once: requests would ask again at every turn, and look for a .netrc
        self.session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self.session.trust_env = False
        self.session.headers.clear()
        self.session.headers.update(dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER))  # nobody reads them, and each is paid for
        self.bytes_up = self.bytes_down = self.turns = 0

    def exchange(self, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        self.turns += 1
        answer = self._call("POST", "/exchange", data=body).content
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
        answer = self._call("POST", "/join", json=request, headers={"Accept-Language": language()})
        try:
            found = answer.json()
        except (ValueError, RecursionError) as error:
            raise self._stranger() from error
        if not isinstance(found, dict):
            raise self._stranger()
        return found

    def held(self, sha256: str) -> int:
        """How many bytes of a file are there already."""
        answer = self._call("HEAD", f"/files/{sha256}", missing=True)
        told = answer.headers.get("Content-Length" if answer.status_code == 200 else "Dalil-Held") or "0"
        if not (told.isascii() and told.isdigit()):
            raise self._stranger()
        return int(told)

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        """Hand in a file from an offset on."""
        headers = {"Dalil-Signature": f"{key.hex()}:{signature.hex()}", "Content-Type": "application/octet-stream"}
        self._call("PUT", f"/files/{sha256}?offset={offset}&size={size}", data=self._counted(pieces), headers=headers)

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from an offset on."""
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        answer = self._call("GET", f"/files/{sha256}", headers=headers, stream=True)
        if offset and answer.status_code != 206:
            raise self._stranger()
        try:
            for piece in answer.iter_content(CHUNK):
                self.bytes_down += len(piece)
                yield piece
        except requests.RequestException as error:
            raise self._offline() from error
        finally:
            answer.close()

    def _call(self, method: str, path: str, *, missing: bool = False, stream: bool = False, **what: Any) -> requests.Response:
        try:
            answer = self.session.request(method, self.url + path, timeout=(CONNECT, SILENCE), allow_redirects=False, stream=stream, **what)
        except requests.exceptions.SSLError as error:
            raise Offline(
                Text("The server's certificate cannot be checked. Is the date of this computer right? Your work is safe here."), "certificate"
            ) from error
        except requests.exceptions.InvalidURL as error:
            raise NotADalilServer(Text("“{url}” is not an address. Example: https://dalil.exemple.dj", url=self.url)) from error
        except (requests.RequestException, UnicodeError) as error:
            raise self._offline() from error
        self._count(answer, stream=stream)
        if answer.status_code in (200, 206) or (missing and answer.status_code == 404):
            return answer
        raise self._failure(answer)

    def _failure(self, answer: requests.Response) -> Failure:
        """What a refusal says, when it is one of ours; a redirect or another page is not our server."""
        try:
            told = answer.json()["error"]
            code, message, source = str(told["code"]), str(told["message"]), told.get("msgid")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return self._stranger() if answer.status_code < 500 else self._offline()
        sentence = Text.received(str(source or message), None, {})
        if answer.status_code == 503:
            return Offline(Text("The server is busy. Your work is safe here; try again in a moment."), "busy")
        return NotFound(sentence, code) if answer.status_code == 404 else Refused(sentence, code)

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

    def _count(self, answer: requests.Response, *, stream: bool) -> None:
        asked = answer.request
        body = len(asked.body) if isinstance(asked.body, bytes | str) else 0
        host = len(f"Host: {urlsplit(asked.url).netloc}\r\n")
        self.bytes_up += body + host + len(f"{asked.method} {asked.path_url} HTTP/1.1\r\n\r\n") + _size(asked.headers)
        status = len(f"HTTP/1.1 {answer.status_code} {answer.reason}\r\n\r\n")
        self.bytes_down += (0 if stream else len(answer.content)) + status + _size(answer.headers)


def _size(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items() if value != SKIP_HEADER)
