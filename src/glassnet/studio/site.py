"""The page and its files, from memory, and the guard before them: who asks, and what the page may do.

The page's own scripts and styles are known by their hashes, so that nothing slipped into it could run.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glassnet import view
from glassnet.studio.access import Access

HTML = "text/html; charset=utf-8"
FILES = {
    "index.html": HTML,
    "studio.js": "text/javascript; charset=utf-8",
    "studio.css": "text/css; charset=utf-8",
}
KINDS = {
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_INLINE = re.compile(r"<(script|style)\b[^>]*>(.+?)</\1>", re.DOTALL)

Endpoint = Callable[[Request], Awaitable[Response]]


def read() -> dict[str, bytes]:
    """Return the page's files."""
    return {name: (Path(view.__file__).parent / name).read_bytes() for name in FILES}


def derivations() -> dict[str, tuple[bytes, str]]:
    """Return the pages with derivations that the studio links to, and what they need, by their names."""
    folder = Path(view.__file__).parent / "math"
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), KINDS[path.suffix])
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS
    }


def static(content: bytes, kind: str) -> Endpoint:
    """Return an endpoint that hands out a file, or says that the browser has it already."""
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache"}

    async def endpoint(request: Request) -> Response:
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=kind, headers=headers)

    return endpoint


class Guard:
    """Lets only those in whom `access` knows, and tells the browser what the `pages` may do."""

    def __init__(self, app: ASGIApp, access: Access, pages: str) -> None:
        self._app, self._access = app, access
        self._headers = _headers(pages, alone=not access.keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        connection = HTTPConnection(scope)
        host = connection.headers.get("host", "")
        here = f"ws://{host}" if self._access.host_fits([host]) else ""
        answer = self._refusal(connection) or self._trade(connection)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value.replace(" ws://HOST", f" {here}".rstrip())
            await send(message)

        if answer is None:
            await self._app(scope, receive, guarded)
        elif scope["type"] == "http":
            await answer(scope, receive, guarded)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it opens: a 403

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        access, headers = self._access, connection.headers
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if not access.host_fits(hosts):
            return _no("this address is not the studio's: open the one that it printed")
        if not access.origin_fits(origins, hosts, needed=connection.scope["type"] == "websocket"):
            return _no("another page may not use the studio")
        return None

    def _trade(self, connection: HTTPConnection) -> Response | None:
        """Trade a key for a cookie; None where the one or the other opens what is asked for."""
        access, path = self._access, connection.scope["path"]
        role = path.strip("/").partition("/")[0]
        key = connection.query_params.get("key")
        if not access.keys or (key is None and access.key_fits(role, connection.cookies.get(access.cookie))):
            return None
        if path != f"/{role}/" or not access.key_fits(role, key):
            return _no("this opens with the whole link that the studio printed, up to the end of its key")
        rest = [(name, value) for name, value in connection.query_params.multi_items() if name != "key"]
        onward = RedirectResponse(f"/{role}/" + (f"?{urlencode(rest)}" if rest else ""), 303)
        assert key is not None
        # Lax, not Strict: who follows the link from a mail or a chat comes from another site.
        onward.set_cookie(access.cookie, key, path=f"/{role}/", httponly=True, samesite="lax")
        onward.headers["Cache-Control"] = "no-store"
        return onward


def _no(why: str) -> Response:
    return PlainTextResponse(f"glassnet studio: {why}\n", 403, {"Cache-Control": "no-store"})


def _headers(pages: str, *, alone: bool) -> Mapping[str, str]:
    """The headers of every answer; HOST stands for the Host of a request that is let in."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in dict.fromkeys(_INLINE.findall(pages)):
        hashes[tag].append(f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'")
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *hashes["script"]],
        "style-src": ["'self'", *hashes["style"]],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", "ws://HOST"],  # not every browser takes 'self' for a WebSocket
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    headers = {
        "Content-Security-Policy": "; ".join(" ".join([name, *told]) for name, told in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if alone:  # elsewhere than on this machine, browsers take it from https alone, and complain
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return headers
