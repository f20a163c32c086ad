"""The server: the page, and a WebSocket for each page that is open.

It reads nothing of the run: it hands on what the session publishes, and what pages ask.
"""

import errno
import logging
import os
import re
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.http.h11_impl import H11Protocol

from glassnet.studio import limits, site
from glassnet.studio.access import Access
from glassnet.studio.ahead import Ahead
from glassnet.studio.conversation import FULL, Conversation, Hosts, Hub, Session
from glassnet.studio.desk import Desk
from glassnet.studio.readers import Readers
from glassnet.studio.setups import Opening
from glassnet.studio.uploads import Bounded

PORT = 7840  # 784 inputs, 10 outputs, 784-10
NEXT_PORTS = 20  # that are tried, this one among them
BACKLOG = 128
READ = re.compile(r'\{"read":(\d{1,15})\}')


def app(session: Session, hub: Hub, access: Access, opening: Opening | None = None) -> ASGIApp:
    """Return the application: with keys, the page and its socket for each role at a path of its own."""
    files, derivations = site.read(), site.derivations()
    routes: list[BaseRoute] = []
    hosts = Hosts(session, hub, Desk(), Readers(session.shown), opening)
    connections: set[WebSocket] = set()

    async def converse(websocket: WebSocket, role: str) -> None:
        await websocket.accept()
        room = limits.CONNECTIONS - (limits.RESERVED if role == "watch" else 0)
        if len(connections) >= room:
            await websocket.close(FULL, f"{len(connections)} pages are open, and no more may be")
            return
        connections.add(websocket)
        try:
            await Conversation(Socket(websocket), role, hosts).hold()
        except* WebSocketDisconnect:
            pass
        finally:
            connections.discard(websocket)

    def routes_of(role: str, place: str) -> list[BaseRoute]:
        async def endpoint(websocket: WebSocket) -> None:
            await converse(websocket, role)

        pages = [("", "index.html"), ("studio.js", "studio.js"), ("studio.css", "studio.css")]
        routes = [
            Route(f"{place}/{path}", site.static(files[name], site.FILES[name])) for path, name in pages
        ]
        routes += [
            Route(f"{place}/math/{name}", site.static(content, kind))
            for name, (content, kind) in derivations.items()
        ]
        return [*routes, WebSocketRoute(f"{place}/socket", endpoint)]

    for role in access.keys or ("drive",):
        routes += routes_of(role, f"/{role}" if access.keys else "")
    pages = [files["index.html"], *(c for c, kind in derivations.values() if kind == site.HTML)]
    return site.Guard(Starlette(routes=routes), access, "".join(page.decode() for page in pages))


class Socket:
    """A page's line: its WebSocket, over which the page also tells what it has read, as {"read": number}."""

    def __init__(self, websocket: WebSocket) -> None:
        self.close = websocket.close
        self._websocket = websocket
        self._ahead = Ahead()

    async def send(self, message: bytes) -> None:
        """Send a message."""
        self._ahead.went()
        await self._websocket.send_bytes(message)

    async def room(self) -> None:
        """Wait until there is room for news; who never tells, a script perhaps, gets all of them."""
        if self._ahead.read:
            await self._ahead.room()

    async def receive(self) -> str | bytes | None:
        """Return what the page says next, None once it has gone."""
        while (message := await self._websocket.receive())["type"] == "websocket.receive":
            data: bytes | None = message.get("bytes")
            said = message.get("text") or "" if data is None else data
            told = READ.fullmatch(said) if isinstance(said, str) else None
            if told is None or not self._ahead.take(int(told[1])):
                return said
        return None


def listen(host: str | None, port: int | None) -> socket.socket:
    """Return a socket bound to an address of this machine, loopback by default.

    Without a port it is 7840, or the next one that is free. Raises OSError, in one line.
    """
    address = "127.0.0.1" if host in (None, "localhost") else str(host).strip("[]")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise OSError(f"--host: expected an address of this machine, got {host!r}") from None
    for number in range(PORT, PORT + NEXT_PORTS) if port is None else [port]:
        server = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it would let two servers have the same port
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((place[0], number, *place[2:]))
            server.listen(BACKLOG)
            return server
        except OSError as error:
            server.close()
            if error.errno == errno.EADDRNOTAVAIL:
                raise OSError(f"--host: expected an address of this machine, got {host!r}") from None
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"--port: cannot listen at {number}: {error.strerror}") from None
    taken = f"{PORT} to {PORT + NEXT_PORTS - 1}" if port is None else str(port)
    raise OSError(f"--port: expected a port that is free, got {taken}, where others listen")


def serve(application: ASGIApp, place: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C, which comes out as KeyboardInterrupt; `ready` is called when pages are answered."""
    debugging = bool(os.environ.get("GLASSNET_DEBUG"))
    if not debugging:  # it warns of each page that went while something was on its way to it
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        application,
        loop="asyncio",
        http=Prompt,
        ws=Bounded,
        ws_max_size=limits.BYTES,
        ws_per_message_deflate=False,  # the run needs the processor
        lifespan="off",
        log_config=None,
        log_level="debug" if debugging else logging.CRITICAL,
        access_log=False,  # addresses may hold keys
        proxy_headers=False,
        server_header=False,
        limit_concurrency=4 * limits.CONNECTIONS,
        backlog=BACKLOG,
        timeout_graceful_shutdown=1,
    )
    Announcing(config, ready).run([place])


class Prompt(H11Protocol):
    """A connection that ends when no request comes: those who say nothing would take all the places."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.loop.call_later(limits.SILENCE, self._look, None)

    def _look(self, before: object) -> None:
        """End it if the newest request is still the one before, and answered."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:  # a WebSocket by now
            return
        if self.cycle is before and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()
        else:
            self.loop.call_later(limits.SILENCE, self._look, self.cycle)


class Announcing(uvicorn.Server):
    """A server that tells when it is up."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._ready()
