"""The server of the demo: Gradio's application, with the page's own module and style sheet beside it."""

import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glassnet import extras
from glassnet.demo.desk import Desk
from glassnet.demo.models import Models

FILES = {"demo.js": "text/javascript; charset=utf-8", "demo.css": "text/css; charset=utf-8"}
FOLDER = Path(__file__).parent
BODY = 2 * 2**20  # bytes of a request: a drawing as it is sent takes a quarter
ICON = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g stroke="#0a7566" stroke-width="2">
<path d="M6 9L25 16L6 23"/></g><g fill="#0a7566"><circle cx="6" cy="9" r="5"/><circle cx="6" cy="23" r="5"/>
<circle cx="25" cy="16" r="5" fill="#c2570c"/></g></svg>"""
SETTINGS = {  # of Gradio, read when it is imported: no word to anyone, nothing but this page
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_MCP_SERVER": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


@contextmanager
def prepared() -> Iterator[None]:
    """Import Gradio as the demo needs it; what is uploaded goes to a folder that is gone afterwards.

    Raises MissingExtra if it is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="glassnet-demo-", ignore_cleanup_errors=True) as folder:
        os.environ.update(SETTINGS, GRADIO_TEMP_DIR=folder)
        with extras.for_("demo", "glassnet demo"):
            import gradio  # noqa: F401
        yield


def app(models: Models, seed: int, allowed: Callable[[list[str]], bool] | None = None) -> Any:
    """Return the application. Requests for a host that is not `allowed` are turned away, if that is given."""
    import gradio
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from glassnet.demo.page import look, page
    from glassnet.studio.site import static

    routes = [
        Route(f"/glassnet/{name}", static((FOLDER / name).read_bytes(), kind)) for name, kind in FILES.items()
    ]
    routes.append(Route("/favicon.ico", static(ICON, "image/svg+xml")))
    blocks = page(Desk(models), models.names, seed)
    return gradio.mount_gradio_app(
        Starlette(routes=routes, middleware=[Middleware(Guard, allowed=allowed)]), blocks, path="/", **look(),
        ssr_mode=False, mcp_server=False, enable_monitoring=False, pwa=False, run_history=False,
        footer_links=[], max_file_size="100mb",
    )  # fmt: skip


class Guard:
    """Turns requests away.

    Those that name another host, as a page elsewhere may have made its name point here; and those that bring
    more than a drawing, unless they are an upload, whose size Gradio looks at.
    """

    def __init__(self, app: Any, allowed: Callable[[list[str]], bool] | None) -> None:
        self._app, self._allowed = app, allowed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or hand on."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        code, words = refused
        await PlainTextResponse(words, status_code=code)(scope, receive, send)

    def _refused(self, scope: Any) -> tuple[int, str] | None:
        def header(name: bytes) -> list[str]:
            return [value.decode("latin-1") for key, value in scope["headers"] if key == name]

        if self._allowed and not self._allowed(header(b"host")):
            return 403, "expected the address that glassnet demo printed"
        if scope["path"].rstrip("/").endswith("/upload"):
            return None
        said = header(b"content-length") or ["0"]
        if header(b"transfer-encoding") or not said[0].isdecimal() or int(said[0]) > BODY:
            return (
                413,
                f"expected a request of at most {BODY // 2**20} MB that says its length, got another",
            )
        return None


def shared(place: socket.socket) -> str:
    """Open a tunnel from Gradio's servers to this one, and return its public address.

    Raises ValueError if there is none to be had.
    """
    from gradio import networking

    try:
        host, port = place.getsockname()[:2]
        address: str = networking.setup_tunnel(host, port, secrets.token_urlsafe(32), None, None)
        return address
    except Exception as error:  # of many kinds: the network, a download, a checksum
        words = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(
            f"--share: expected a public address from Gradio's servers, got none: {words}"
        ) from None


def serve(application: Any, place: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C, which comes out as KeyboardInterrupt; `ready` is called when pages are answered."""
    import logging
    import signal

    import uvicorn

    from glassnet.studio.server import BACKLOG, Announcing

    quiet = not os.environ.get("GLASSNET_DEBUG")
    config = uvicorn.Config(
        application,
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level=logging.CRITICAL if quiet else "debug",
        access_log=not quiet,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=1,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends so, too: what was uploaded goes
    Announcing(config, ready).run([place])
