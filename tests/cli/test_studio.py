"""`glassnet studio` as a process: its address, its flags, its end."""

import inspect
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from browser.process import Studio
from e2e import command
from e2e.command import environment
from glassnet.cli.studio import studio as studio_command
from glassnet.cli.train import train as train_command
from glassnet.studio import limits
from glassnet.view.wire import decode

SMALL = ["--data", "mnist-sample", "--hidden", "8"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@contextmanager
def started(home: Path, *arguments: str, links: int = 1) -> Iterator[Studio]:
    """A studio of its own, which ends with the block."""
    studio = Studio([*arguments], home, environment(home), links)
    try:
        yield studio
    finally:
        studio.end()
        studio.close()


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Studio]:
    with started(home, *SMALL, "--epochs", "50") as studio:
        yield studio


def opened(url: str, **options: Any) -> ClientConnection:
    """A WebSocket as the page opens it."""
    place = url.partition("//")[2].partition("?")[0]
    origin = f"http://{place.partition('/')[0]}"
    options = {"origin": origin, "compression": None, "max_size": None, **options}
    return connect(f"ws://{place}socket", **options)


def until(page: ClientConnection, kind: str, **fields: Any) -> dict[str, Any]:
    """The next message of a kind that says so."""
    end = monotonic() + 60
    while monotonic() < end:
        header, _ = decode(page.recv(timeout=60))  # type: ignore[arg-type]
        if header["kind"] == kind and all(header.get(name) == value for name, value in fields.items()):
            return header
    raise AssertionError(f"no {kind} with {fields}")


def ask(page: ClientConnection, number: int, **words: Any) -> dict[str, Any]:
    page.send(json.dumps({**words, "id": number}))
    end = monotonic() + 60
    while monotonic() < end:
        header, _ = decode(page.recv(timeout=60))  # type: ignore[arg-type]
        if header.get("id") == number:
            return header
    raise AssertionError(f"no reply to {words}")


def ended(page: ClientConnection) -> int | None:
    """The code with which the server ends a connection, after what was on its way."""
    try:
        while True:
            page.recv(timeout=60)
    except ConnectionClosed as end:
        return None if end.rcvd is None else end.rcvd.code


def refused(home: Path, *arguments: str) -> str:
    """The one line on stderr of a command that does not begin."""
    outcome = command.glassnet(["studio", "--no-browser", *arguments], home, environment(home))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("glassnet: ")
    assert outcome.err.count("\n") == 1
    return outcome.err


# ---- a server that runs


def test_it_prints_one_line_with_its_address(running: Studio) -> None:
    assert running.printed == f"The studio is at {running.url} until Ctrl-C.\n"
    assert running.url.startswith("http://127.0.0.1:")


def test_the_page_is_there(running: Studio) -> None:
    for name, beginning in {"": b"<!doctype html>", "studio.js": b"//", "studio.css": b"/*"}.items():
        with urlopen(running.url + name) as answer:
            assert answer.status == 200
            assert answer.headers["Server"] is None
            assert answer.read().startswith(beginning)


def test_a_run_goes_on_without_its_page_and_is_found_again(running: Studio) -> None:
    with opened(running.url) as page:
        hello = until(page, "hello")
        assert (hello["version"], hello["role"]) == (1, "drive")
        assert until(page, "session", status="ready")["settings"]["hidden"] == [8]
        assert ask(page, 1, kind="start")["kind"] == "done"
        until(page, "frame")
    with opened(running.url) as page:
        until(page, "session", status="running")
        step = until(page, "frame")["step"]
        while until(page, "frame")["step"] <= step:
            pass
        assert ask(page, 2, kind="pause")["kind"] == "done"
    with opened(running.url) as page:
        until(page, "session", status="paused")


def test_two_pages_see_one_run_and_a_bad_message_disturbs_neither(running: Studio) -> None:
    with opened(running.url) as first, opened(running.url) as second:
        first.send("nonsense")
        assert until(first, "error")["message"] == "expected a command in JSON, got 'nonsense'"
        assert ask(second, 1, kind="setup", settings={"hidden": [5000]})["message"].startswith("hidden: exp")
        assert ask(first, 2, kind="change", settings={"learning_rate": 0.125})["kind"] == "done"
        while until(second, "session")["settings"]["learning_rate"] != 0.125:
            pass


def test_messages_go_as_they_are(running: Studio) -> None:
    with opened(running.url, compression="deflate") as page:  # the run needs the processor
        assert page.protocol.extensions == []
        assert until(page, "session")["run"] == 1


def test_a_message_beyond_all_bounds_ends_its_page_alone(running: Studio) -> None:
    with opened(running.url) as other:
        with opened(running.url) as page:
            page.send("x" * (limits.FRAME + 1))
            assert ended(page) == 1009
        assert ask(other, 1, kind="pause")["kind"] == "done"


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1"])
def test_a_socket_of_another_page_is_refused(running: Studio, origin: Any) -> None:
    with pytest.raises(InvalidStatus) as error:
        opened(running.url, origin=origin)
    assert error.value.response.status_code == 403


def test_another_name_that_points_here_is_refused(running: Studio) -> None:
    from urllib.error import HTTPError

    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(running.url, headers={"Host": "evil.example"}))


# ---- how it begins and ends


def test_ctrl_c_ends_it_in_the_midst_of_training(home: Path) -> None:
    with started(home, *SMALL) as studio:
        with opened(studio.url) as page:
            until(page, "session", status="ready")
            assert ask(page, 1, kind="start")["kind"] == "done"
            until(page, "frame")
            studio.process.send_signal(signal.SIGINT)
            assert ended(page) == 1012  # the server goes; a page looks for it again
        assert (studio.end(), studio.errors) == (0, "")
        assert studio.process.stdout is not None
        assert studio.process.stdout.read() == "\nThe studio is closed.\n"


def test_another_address_prints_two_links(home: Path) -> None:
    with started(home, *SMALL, "--host", "0.0.0.0", links=2) as studio:
        drive, watch = studio.links
        assert studio.printed == f"To drive: {drive}\nTo watch: {watch}\n"
        port = drive.split(":")[2].split("/")[0]
        here = f"http://127.0.0.1:{port}"
        key = watch.partition("key=")[2]
        cookie = {"Cookie": f"glassnet-{port}={key}"}
        with urlopen(Request(f"{here}/watch/", headers=cookie)) as answer:
            assert answer.status == 200
        with opened(f"{here}/watch/", additional_headers=cookie) as page:
            assert until(page, "hello")["role"] == "watch"
            assert "this page watches" in ask(page, 1, kind="start")["message"]
        with pytest.raises(InvalidStatus):
            opened(f"{here}/drive/", additional_headers=cookie)


def test_a_port_that_is_taken_is_said_in_one_line(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(home, *SMALL, "--port", str(port))
    assert line == f"glassnet: --port: expected a port that is free, got {port}, where others listen\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--data", "nosuch.csv"], "nosuch.csv: expected a file or folder with data, found none"),
        (["--data", "mnits"], "unknown data set 'mnits'; did you mean 'mnist'?"),
        (["--recipe", "quik"], "unknown recipe 'quik'; did you mean 'quick'?"),
        (["--optimizer", "adaam"], "--optimizer: unknown optimizer 'adaam'; did you mean 'adam'?"),
        (["--hidden", "8,x"], "--hidden: expected whole numbers with commas between, as in 128,64, got 'x'"),
        (["--run", "nowhere"], "nowhere: expected a run's folder with a config.toml, found none"),
        (["--run", "nowhere", "--epochs", "3"], "--epochs: expected without --run, whose settings are those"),
        (["--run", "nowhere", "--recipe", "quick"], "--recipe: expected without --run"),
        (["--budget", "0"], "--budget: expected a number of MB of 1 to 1,000,000, got 0"),
        (["--budget", "1e9"], "--budget: expected a number of MB of 1 to 1,000,000, got 1e+09"),
        (["--epochs", "0"], "--epochs: expected a whole number of 1 to 10,000, got 0"),
        (["--learning-rate", "nan"], "--learning-rate: expected a number of 1e-07 to 1,000, got nan"),
        (["--hidden", "5000"], "--hidden: expected at most 12 layers of 1 to 4,096 units, got [5000]"),
        (["--host", ""], "--host: expected an address of this machine, got ''"),
        (["--host", "nowhere.invalid"], "--host: expected an address of this machine, got 'nowhere.invalid'"),
        (["--port", "65536"], "Invalid value for '--port'"),
    ],
)
@pytest.mark.slow
def test_what_cannot_begin_says_why(home: Path, arguments: list[str], line: str) -> None:
    assert line in refused(home, *arguments)


@pytest.mark.slow
def test_a_run_whose_settings_cannot_be_read_is_said_at_once(home: Path) -> None:
    (home / "torn").mkdir()
    (home / "torn" / "config.toml").write_text("data = [[[")
    line = refused(home, "--run", "torn")
    assert "expected a recipe in TOML" in line
    assert "config.toml" in line


def test_it_takes_the_settings_that_train_takes() -> None:
    shared = {*inspect.signature(train_command).parameters} & {*inspect.signature(studio_command).parameters}
    own = {*inspect.signature(studio_command).parameters} - shared
    left_out = {*inspect.signature(train_command).parameters} - shared
    assert own == {"run", "port", "host", "browser", "budget"}
    assert left_out == {"resume", "checkpoint_every", "out", "overwrite", "pictures", "profile"}
    for name in shared - {"context"}:
        ours, theirs = (inspect.signature(one).parameters[name] for one in (studio_command, train_command))
        assert (ours.annotation, ours.default) == (theirs.annotation, theirs.default)
