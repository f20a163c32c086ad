"""The server: the page from memory, its headers, and what goes over a WebSocket."""

import asyncio
import errno
import json
import logging
import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from uvicorn.server import ServerState

from glassnet.studio import limits, server, site
from glassnet.studio.access import Access, of_address
from glassnet.studio.ahead import AHEAD
from glassnet.studio.conversation import FULL, TOO_FAST, TOO_LONG
from glassnet.view.wire import decode, encode
from studio.drawn import SEVEN, strokes
from studio.fakes import FakeHub, FakeSession

ORIGIN = "http://127.0.0.1:7840"


class Desk:
    """A server with a session and a hub that are none."""

    def __init__(self, *news: bytes, access: Access | None = None) -> None:
        self.session, self.hub = FakeSession(), FakeHub(*news)
        self.client = TestClient(server.app(self.session, self.hub, access or Access(7840)), ORIGIN)

    @contextmanager
    def page(self, path: str = "/socket", origin: str = ORIGIN) -> Iterator["Page"]:
        address = origin.replace("http", "ws", 1) + path
        with self.client.websocket_connect(address, headers={"origin": origin}) as channel:
            yield Page(channel)


class Page:
    """What a page sends and gets."""

    def __init__(self, channel: WebSocketTestSession) -> None:
        self._channel = channel
        self.hello = self.get()

    def get(self) -> dict[str, Any]:
        return decode(self._channel.receive_bytes())[0]

    def send(self, **command: Any) -> None:
        self._channel.send_text(json.dumps(command))

    def ask(self, **command: Any) -> dict[str, Any]:
        self.send(**command)
        return self.get()

    def say(self, text: str) -> dict[str, Any]:
        self._channel.send_text(text)
        return self.get()

    def say_bytes(self, message: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        self._channel.send_bytes(message)
        return decode(self._channel.receive_bytes())


# ---- the page


def test_the_page_and_its_files_come_from_memory() -> None:
    client = Desk().client
    for path, kind in {"/": "text/html", "/studio.js": "text/javascript", "/studio.css": "text/css"}.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.head(path).content == b""
    for path in ("/index.html", "/../pyproject.toml", "/studio.py", "/view/studio.js", "/favicon.ico"):
        assert client.get(path).status_code == 404
    assert client.post("/").status_code == 405


def test_a_browser_is_told_what_the_page_may_do() -> None:
    answer = Desk().client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:7840"
    assert "unsafe" not in str(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    for name in ("server", "access-control-allow-origin"):
        assert name not in answer.headers


def test_what_stands_in_the_page_itself_is_known_by_its_hash() -> None:
    answer = Desk().client.get("/")
    inline = re.findall(r"<(script|style)\b[^>]*>(.*?)</", answer.text, re.DOTALL)
    assert len(inline) >= 2
    for _, text in inline:
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert not re.search(r"\bstyle=|\bon\w+=\"", answer.text)


def test_the_page_asks_nobody_else() -> None:
    text = Desk().client.get("/").text.replace("http://www.w3.org/2000/svg", "")
    assert "//" not in re.sub(r"(?m)(^|\s)//.*$", "", text).replace("https://", "//")


def test_derivations_are_served_beside_the_page_to_all_roles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "math" / "fonts").mkdir(parents=True)
    (tmp_path / "math" / "dense.html").write_text("<style>a { color: red }</style><h1>Dense</h1>")
    (tmp_path / "math" / "fonts" / "a.woff2").write_bytes(b"font")
    (tmp_path / "math" / "notes.py").write_text("secret")
    for name in site.FILES:
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(site.view, "__file__", str(tmp_path / "__init__.py"))
    access, _ = of_address("192.0.2.7", 7840)
    for desk, place in ((Desk(), ""), (Desk(access=access), "/watch"), (Desk(access=access), "/drive")):
        if place:
            desk.client.base_url = "http://192.0.2.7:7840"
            assert desk.client.get(f"{place}/math/dense.html").status_code == 403
            desk.client.get(f"{place}/?key={access.keys[place[1:]]}")
        answer = desk.client.get(f"{place}/math/dense.html")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "<h1>Dense" in answer.text
        digest = b64encode(sha256(b"a { color: red }").digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
        assert desk.client.get(f"{place}/math/fonts/a.woff2").headers["content-type"] == "font/woff2"
        for path in ("math/notes.py", "math/", "math/../index.html", "math/none.html"):
            assert desk.client.get(f"{place}/{path}").status_code == 404


def test_without_derivations_the_studio_is_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in site.FILES:
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(site.view, "__file__", str(tmp_path / "__init__.py"))
    assert site.derivations() == {}
    assert Desk().client.get("/").text == "x"


def test_answers_that_refuse_have_the_headers_too() -> None:
    answer = Desk(access=of_address("192.0.2.7", 7840)[0]).client.get("/", headers={"host": "192.0.2.7:7840"})
    assert answer.status_code == 403
    assert "content-security-policy" in answer.headers
    assert "cross-origin-opener-policy" not in answer.headers  # browsers take it from https and this machine


# ---- the WebSocket


def test_hello_comes_first_then_the_news() -> None:
    desk = Desk(encode("session", {"status": "ready"}), encode("frame", {"step": 3}))
    with desk.page() as page:
        assert page.hello == {"kind": "hello", "role": "drive"}
        assert page.get() == {"kind": "session", "status": "ready"}
        assert page.get() == {"kind": "frame", "step": 3}


def test_empty_news_are_another_hello_if_there_is_something_new_in_it() -> None:
    desk = Desk(b"", encode("session", {}), b"", encode("frame", {}))
    hellos = iter([{"n": 1}, {"n": 1}, {"n": 2}])
    desk.session.hello = lambda role: encode("hello", next(hellos))  # type: ignore[method-assign]
    with desk.page() as page:
        heard = [page.hello, page.get(), page.get(), page.get()]
    assert [(one["kind"], one.get("n")) for one in heard] == [
        ("hello", 1), ("session", None), ("hello", 2), ("frame", None),
    ]  # fmt: skip


def test_a_command_goes_to_the_session_and_its_reply_comes_back() -> None:
    desk = Desk()
    with desk.page() as page:
        assert page.ask(kind="start", id=7) == {"kind": "done", "id": 7}
        assert page.ask(kind="setup", id=8, settings={"hidden": [3]})["kind"] == "done"
    assert desk.session.asked == [
        {"kind": "start", "id": 7},
        {"kind": "setup", "id": 8, "settings": {"hidden": [3]}},
    ]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '"start"', "{}", '{"kind": "stert"}', '{"kind": ["start"]}', "\x00",
     '{"kind": "start", "id": "7"}', '{"kind": "start", "more": 1}', "[" * 9000,
     '{"kind":"cell","actual":NaN}', '{"kind": "scrub", "snapshot": 1e999}',
     '{"kind":"save","snapshot":' + "9" * 5000 + "}", "é" * 9000],
)  # fmt: skip
def test_a_bad_message_gets_an_error_and_disturbs_nothing(text: str) -> None:
    desk = Desk()
    with desk.page() as page:
        answer = page.say(text)
        assert answer["kind"] == "error"
        assert len(answer["message"]) < 400
        assert "\n" not in answer["message"]
        assert page.ask(kind="start", id=1) == {"kind": "done", "id": 1}
    assert [command["kind"] for command in desk.session.asked] == ["start"]


@pytest.mark.parametrize(
    "message",
    [b"", b'{"kind": "start"}', b"\xff" * 100, b"\x00" * 9, encode("draw", {"id": 1}),
     encode("draw", {"reader": "drawing"}, {"picture": np.zeros((3, 3), np.int32)})[:-5]],
)  # fmt: skip
def test_bytes_that_are_no_command_get_an_error_and_disturb_nothing(message: bytes) -> None:
    with Desk().page() as page:
        answer, _ = page.say_bytes(message)
        assert answer["kind"] == "error"
        assert "\n" not in answer["message"]
        assert page.ask(kind="start", id=1) == {"kind": "done", "id": 1}


def test_a_drawing_is_read_beside_the_run() -> None:
    desk = Desk()
    desk.session.mute = True  # the run is at something else
    with desk.page() as page:
        picture = {"picture": strokes(SEVEN)}
        answer, arrays = page.say_bytes(encode("draw", {"id": 5, "reader": "drawing"}, picture))
        assert (answer["kind"], answer["id"], answer["digits"][0]["name"]) == ("reading", 5, "7")
        assert arrays["images"].shape == (1, 28, 28)
        assert page.ask(kind="part", id=6, digit=0)["kind"] == "reading"
        assert page.ask(kind="part", id=7, digit=1) == {
            "kind": "error", "id": 7, "message": "digit: expected 0 to 0, got 1",
        }  # fmt: skip
        assert page.ask(kind="evidence", id=8, of="drawing", **{"class": 3})["class"] == 3
        assert page.ask(kind="favourite", id=9, layer=1, unit=0)["message"].startswith("expected a set-up")
    assert desk.session.asked == []


def test_what_was_drawn_last_is_taken_into_the_run() -> None:
    desk = Desk()
    with desk.page() as page, desk.page() as other:
        nothing = {"kind": "error", "id": 1, "message": "expected a drawing first, got none"}
        assert page.ask(kind="take", id=1) == nothing
        picture = {"picture": strokes(SEVEN)}
        _, arrays = page.say_bytes(encode("draw", {"id": 2, "reader": "drawing"}, picture))
        assert other.ask(kind="take", id=1) == nothing  # it drew nothing itself
        assert page.ask(kind="take", id=3) == {"kind": "done", "id": 3}
    (asked,) = desk.session.asked
    assert (asked["kind"], asked["id"]) == ("take", 3)
    assert (asked["image"] == arrays["images"][0]).all()


def test_a_mistake_at_the_pad_is_one_line_and_the_page_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **more: Any) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("glassnet.studio.pad.read", fail)
    with Desk().page() as page:
        picture = {"picture": strokes(SEVEN)}
        answer, _ = page.say_bytes(encode("draw", {"id": 2, "reader": "drawing"}, picture))
        assert answer["message"] == "this is a mistake in glassnet: ZeroDivisionError: oh"
        assert page.ask(kind="start", id=3)["kind"] == "done"


def test_a_text_that_is_far_too_long_ends_its_connection() -> None:
    with Desk().page() as page:
        with pytest.raises(WebSocketDisconnect) as end:
            page.say("x" * (limits.FRAME + 1))
        assert end.value.code == TOO_LONG


def test_a_watcher_asks_and_draws_and_does_nothing_else() -> None:
    access, _ = of_address("192.0.2.7", 7840)
    desk, origin = Desk(access=access), "http://192.0.2.7:7840"
    desk.client.base_url = origin
    desk.client.get(f"/watch/?key={access.keys['watch']}")
    with desk.page("/watch/socket", origin) as page:
        assert page.hello["role"] == "watch"
        refused = page.ask(kind="start", id=1)
        line = "start: this page watches; expected cell, explain, draw, photo, part, evidence, favourite"
        assert refused == {"kind": "error", "id": 1, "message": line}
        assert page.ask(kind="cell", id=2, actual=1, predicted=7) == {"kind": "done", "id": 2}
        assert page.ask(kind="explain", id=3, layer=1, unit=7) == {"kind": "done", "id": 3}
        picture = {"picture": strokes(SEVEN)}
        for number in range(4, 24):  # more often than it may ask other things
            told = encode("draw", {"id": number, "reader": "drawing"}, picture)
            assert page.say_bytes(told)[0]["kind"] == "reading"
        assert page.ask(kind="evidence", id=24, of="drawing")["kind"] == "evidence"
        assert page.ask(kind="take", id=25)["message"].startswith("take: this page watches")
    assert [command["kind"] for command in desk.session.asked] == ["cell", "explain"]


def test_who_sends_too_much_is_told_and_then_put_out(monkeypatch: pytest.MonkeyPatch) -> None:
    still = limits.Bucket(rate=5, burst=3, patience=4, clock=lambda: 0.0)
    monkeypatch.setattr(limits, "bucket", lambda role: still)
    desk = Desk()
    with desk.page() as page:
        for number in range(3):
            assert page.ask(kind="pause", id=number)["kind"] == "done"
        for number in range(3, 7):
            refused = page.ask(kind="pause", id=number)
            assert refused == {
                "kind": "error", "id": number, "message": "expected at most 5 commands a second, got more",
            }  # fmt: skip
        with pytest.raises(WebSocketDisconnect) as end:
            page.ask(kind="pause", id=7)
        assert end.value.code == TOO_FAST
    assert len(desk.session.asked) == 3
    monkeypatch.undo()
    with desk.page() as page:  # another is let in
        assert page.ask(kind="pause", id=1)["kind"] == "done"


class Channel:
    """A WebSocket without a network."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.close = None

    async def send_bytes(self, message: bytes) -> None:
        self.sent.append(message)

    async def receive(self) -> dict[str, Any]:
        return await self.said.get()

    def say(self, text: str) -> None:
        self.said.put_nowait({"type": "websocket.receive", "text": text})


def test_a_page_that_tells_what_it_read_is_a_few_messages_behind_at_most() -> None:
    async def talk() -> None:
        channel = Channel()
        line = server.Socket(channel)  # type: ignore[arg-type]

        async def tell() -> None:
            await line.send(b"news")
            await line.room()

        for _ in range(20):  # who never tells gets all
            await asyncio.wait_for(tell(), 5)
        for said in (
            '{"read":0}',
            '{"read":21}',
            '{"read":-1}',
            '{"read":2.5}',
            '{"read":' + "9" * 5000 + "}",
        ):
            channel.say(said)  # read what was never sent: a bad command
            assert await line.receive() == said
        channel.say('{"read":20}')
        channel.say('{"kind":"pause"}')
        assert await line.receive() == '{"kind":"pause"}'
        for _ in range(AHEAD - 1):
            await asyncio.wait_for(tell(), 5)
        last = asyncio.ensure_future(tell())
        done, _ = await asyncio.wait([last], timeout=0.05)
        assert not done
        await line.send(b"an answer")  # does not wait
        channel.say('{"read":23}')
        channel.say("more")
        assert await line.receive() == "more"
        await asyncio.wait_for(last, 5)
        assert len(channel.sent) == 20 + AHEAD + 1

    asyncio.run(talk())


def test_commands_do_not_pile_up() -> None:
    desk = Desk()
    desk.session.mute = True
    with desk.page() as page:
        for number in range(limits.WAITING):
            page.send(kind="epoch", id=number)
        answer = page.ask(kind="epoch", id=limits.WAITING)
        assert answer["message"] == f"expected at most {limits.WAITING} commands at a time, got more"
    assert len(desk.session.asked) == limits.WAITING


def test_there_is_room_for_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTIONS", 2)
    desk = Desk()
    with desk.page(), desk.page():
        assert desk.hub.listeners == 2
        with pytest.raises(WebSocketDisconnect) as end, desk.page():
            pass
        assert (end.value.code, end.value.reason) == (FULL, "2 pages are open, and no more may be")
    assert desk.hub.listeners == 0
    with desk.page() as page:
        assert page.hello["kind"] == "hello"


def test_who_watches_leaves_room_for_who_drives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTIONS", 3)
    monkeypatch.setattr(limits, "RESERVED", 1)
    origin = "http://192.0.2.7:7840"
    access, _ = of_address("192.0.2.7", 7840)
    desk = Desk(access=access)
    desk.client.base_url = origin
    for role, key in access.keys.items():
        desk.client.get(f"/{role}/?key={key}")
    with desk.page("/watch/socket", origin), desk.page("/watch/socket", origin):
        with pytest.raises(WebSocketDisconnect) as end, desk.page("/watch/socket", origin):
            pass
        assert (end.value.code, end.value.reason) == (FULL, "2 pages are open, and no more may be")
        with desk.page("/drive/socket", origin) as page:
            assert page.hello["role"] == "drive"


def test_a_link_becomes_a_whole_set_up() -> None:
    desk = Desk()
    with desk.page() as page:
        page.send(kind="link", id=3, query="data=spirals&hidden=8,4&activation=relu,tanh&colour=red")
        assert page.get() == {"kind": "notice", "text": "link: there is no setting 'colour'"}
        assert page.get() == {"kind": "done", "id": 3}
    (asked,) = desk.session.asked
    assert asked["kind"] == "setup"
    settings = asked["settings"]
    assert (settings["data"], settings["hidden"], settings["optimizer"]) == ("spirals", [8, 4], "adamw")


def test_a_mistake_of_ours_ends_one_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def fail(*arguments: Any) -> None:
        raise ZeroDivisionError

    with desk.page() as page:
        monkeypatch.setattr(desk.session, "submit", fail)
        with pytest.raises(ExceptionGroup), desk.page() as other:
            other.ask(kind="start", id=1)
        monkeypatch.undo()
        assert page.ask(kind="start", id=1)["kind"] == "done"


# ---- connections


def conversation(*sent: bytes, seconds: float = 30.0) -> bytes:
    """What comes back for some bytes, sent one after the other at half the pace that is asked for.

    The end of it is waited for so many seconds.
    """

    async def visit() -> bytes:
        application = server.app(FakeSession(), FakeHub(), Access(7840))
        config = uvicorn.Config(application, ws="websockets-sansio", lifespan="off", log_config=None)
        config.load()
        state, loop = ServerState(), asyncio.get_running_loop()
        async with await loop.create_server(
            lambda: server.Prompt(config, state, {}), "127.0.0.1", 0
        ) as place:
            reader, writer = await asyncio.open_connection(*place.sockets[0].getsockname())
            for part in sent:
                writer.write(part)
                await asyncio.sleep(2.5 * limits.SILENCE)
            try:
                answer = await asyncio.wait_for(reader.read(), seconds)
            except TimeoutError:
                answer = b"... and waits"
            except ConnectionError:  # ended, with something sent that nobody read any more
                answer = b""
            writer.close()
            return answer

    return asyncio.run(visit())


HEAD = b"Host: 127.0.0.1:7840\r\nOrigin: http://127.0.0.1:7840\r\n"
UPGRADE = (
    b"GET /socket HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + HEAD + b"\r\n"
)


def test_a_connection_on_which_no_request_comes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SILENCE", 0.1)
    assert conversation() == conversation(b"GET / HTTP/1.1\r\nHost: 127") == b""
    answered = conversation(b"GET /nothing HTTP/1.1\r\n" + HEAD + b"\r\n", b"GET / HTTP/1.1\r\nHo")
    assert answered.startswith(b"HTTP/1.1 404")
    assert not answered.endswith(b"waits")
    assert conversation(UPGRADE, seconds=2.5 * limits.SILENCE) == b"... and waits"  # a page may be silent


def test_of_pages_that_went_while_something_was_on_its_way_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GLASSNET_DEBUG", raising=False)
    monkeypatch.setattr(server.Announcing, "run", lambda *arguments: None)
    logger = logging.getLogger("asyncio")
    monkeypatch.setattr(logger, "level", logger.level)  # and put back
    with server.listen(None, 0) as place:
        server.serve(server.app(FakeSession(), FakeHub(), Access(7840)), place, lambda: None)
    assert not logger.isEnabledFor(logging.WARNING)


# ---- where it listens


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with server.listen(None, None) as first, server.listen(None, None) as second:
        assert first.getsockname()[0] == "127.0.0.1"
        assert (
            server.PORT <= first.getsockname()[1] < second.getsockname()[1] < server.PORT + server.NEXT_PORTS
        )


def test_a_port_that_is_taken_is_said() -> None:
    with server.listen(None, 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match=f"--port: expected a port that is free, got {port}, where others"):
            server.listen(None, port)


def test_when_all_ports_are_taken_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(self: socket.socket, place: Any) -> None:
        raise OSError(errno.EADDRINUSE, "taken")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(OSError, match="expected a port that is free, got 7840 to 7859, where"):
        server.listen(None, None)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.7", "not an address", "", "a" * 100])
def test_an_address_of_another_machine_is_said(host: str) -> None:
    with pytest.raises(OSError, match="--host: expected an address of this machine, got"):
        server.listen(host, 0)
