"""A small web server on loopback that stands for a public mirror."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mirror(ThreadingHTTPServer):
    """A server of the given files (address -> bytes); `requests` is what was asked of it."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.requests: list[str] = []
        self.asked = threading.Event()
        self.cut = 0  # so many bytes fewer are sent than were announced
        self.late = threading.Event()  # nothing is answered before
        self.late.set()
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        self.server.asked.set()
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        self.server.late.wait()
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content[: len(content) - self.server.cut])

    def log_message(self, *_: Any) -> None:
        pass
