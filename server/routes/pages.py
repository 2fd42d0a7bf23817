"""What a person sees who opens the server's address in a browser, and whether it is well; no scripts, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from i18n import Text, direction
from server import directory, languages, state
from server.routes.hsds import about
from sync import codec
from sync.identity import fingerprint

router = APIRouter(tags=["pages"])

_STYLE = """:root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:4rem auto;padding:0 1.5rem;
background:#fbfaf7;color:#1f2a2c}h1{font-size:1.9rem;line-height:1.25}a{color:#0b6470}code{background:#eceae2;padding:.1em .35em;border-radius:.3em;
unicode-bidi:isolate;direction:ltr}.figure{font-size:2.6rem;font-weight:600;color:#0b6470}li{margin:.4rem 0}small{opacity:.75}
@media(prefers-color-scheme:dark){body{background:#12191b;color:#e6e8e3}a,.figure{color:#7fd0da}code{background:#232d30}}"""


@router.get("/", summary="What this server is, for people", response_class=HTMLResponse)
async def home(request: Request) -> Response:
    """A page in French, Arabic or English; a program that asks for JSON alone gets the standard's self-description."""
    wanted = request.headers.get("accept", "")
    if "application/json" in wanted and "text/html" not in wanted:
        return about(request)
    speak = languages.asked(request.headers.get("accept-language", ""))
    total = await state.of(request).ask(lambda authority: directory.count(authority.store))
    say = {name: escape(text.say(speak)) for name, text in _HOME.items()}
    counted = escape(Text.counted("{n} organisation in the directory", "{n} organisations in the directory", total).say(speak))
    body = (f"<h1>{say['title']}</h1><p>{say['what']}</p><p class=figure>{counted}</p><p>{say['join']}</p><ul>"
            f"<li><a href=/organizations>{say['directory']}</a> <code>/organizations</code></li>"
            f"<li><a href=/docs>{say['operations']}</a> <code>/docs</code></li>"
            f"<li><a href=/health>{say['health']}</a> <code>/health</code></li></ul><p><small>{say['private']}</small></p>")
    return _page(say["title"], body, speak)


@router.get("/docs", summary="The list of what can be asked", response_class=HTMLResponse)
async def operations(request: Request) -> Response:
    """Made here from /openapi.json, so that it reads without internet."""
    speak = languages.asked(request.headers.get("accept-language", ""))
    title = escape(_HOME["operations"].say(speak))
    return _page(title, f"<h1>{title}</h1><p><a href=/openapi.json><code>/openapi.json</code></a></p>"
                        f"<div lang=en dir=ltr>{_listed(request.app.openapi())}</div>", speak)


@router.get("/health", summary="Whether the server and its database answer", response_class=JSONResponse)
async def health(request: Request) -> Response:
    """200 when a sync can be answered now; otherwise 503 with the reason."""
    def work(authority: Any) -> bytes:
        authority.store.value("SELECT 1")
        return fingerprint(authority.key.public)

    found = await state.of(request).ask(work)
    return JSONResponse({"status": "ok", "protocol": codec.BRIEF, "authority": found.hex()}, headers={"Cache-Control": "no-store"})


_HOME = {
    "title": Text("Dalil: directory and library of civil society"),
    "what": Text(
        "This address is a central server of Dalil. The Dalil program on a computer works without internet and meets here when there is some."),
    "join": Text("To take part, ask the secretariat of your network for an invitation code, then choose “Join” in Dalil and type this address."),
    "directory": Text("The directory as open data (HSDS 3.1)"),
    "operations": Text("What programs can ask"),
    "health": Text("Is the server well?"),
    "private": Text("Only what organisations publish stands here; people's contacts are never given out."),
}


def _listed(document: dict[str, Any]) -> str:
    found = []
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            parameters = ", ".join(parameter["name"] for parameter in one.get("parameters", ()))
            found.append(f"<h3><code>{method.upper()} {escape(path)}</code></h3><p>{escape(one.get('summary', ''))}. "
                         f"{escape(one.get('description', ''))}</p>" + (f"<p><small>{escape(parameters)}</small></p>" if parameters else ""))
    return "".join(found)


def _page(title: str, body: str, speak: str) -> Response:
    html = (f"<!doctype html><html lang={speak} dir={direction(speak)}><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>")
    return HTMLResponse(html, headers={
        "Vary": "Accept-Language, Accept", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"})
