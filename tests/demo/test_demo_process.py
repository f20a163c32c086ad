"""`glassnet demo` as a process: its line, its endpoints by Gradio's client, whom it calls, and its end."""

import importlib
import json
import reprlib
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

from demo.models import network, saved
from demo.process import Demo
from e2e.command import environment, glassnet
from glassnet import extras
from glassnet.demo import server
from glassnet.demo.desk import packed
from studio.drawn import ONE, SEVEN, sevens, strokes

# Python runs a module of this name when it starts: here, one that writes down what any code of it asks for.
WATCH = """
import sys
log = open({path!r}, "a", buffering=1)
def hear(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"):
        log.write(f"{{event}} {{args[1] if event != 'socket.getaddrinfo' else args[0]}}\\n")
sys.addaudithook(hear)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    saved(folder / "runs" / "small", data="mnist-sample")
    saved(folder / "runs" / "points", network(("a", "b"), 2))
    (folder / "watch").mkdir()
    watch = WATCH.format(path=str(folder / "asked.txt"))
    (folder / "watch" / "sitecustomize.py").write_text(watch, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """One for all tests; that Ctrl-C is its usual end, and takes the uploads away, is seen at its end."""
    pytest.importorskip("gradio")
    uploads = folder / "tmp"
    uploads.mkdir()
    demo = Demo(folder, "--seed", "4", PYTHONPATH=str(folder / "watch"), TMPDIR=str(uploads))
    assert [path.name.startswith("glassnet-demo-") for path in uploads.iterdir()] == [True]
    yield demo
    assert demo.end() == 0
    assert demo.process.stdout is not None
    assert demo.process.stdout.read() == "\nThe demo is closed.\n"
    assert list(uploads.iterdir()) == []
    demo.close()


@pytest.fixture(scope="module")
def ask(demo: Demo) -> Iterator[Any]:
    """Ask an endpoint as `gradio_client` does."""
    gradio_client = pytest.importorskip("gradio_client")
    client = gradio_client.Client(demo.url, verbose=False, analytics_enabled=False)
    yield lambda name, *given: client.predict(*given, api_name=f"/{name}")
    client.close()


def drawing(*lines: Any) -> dict[str, Any]:
    return packed(picture=255 - strokes(*lines))["picture"]


@pytest.mark.slow
def test_it_prints_one_line_and_says_on_stderr_what_it_left_out(demo: Demo) -> None:
    assert demo.printed == f"The demo is at {demo.url} until Ctrl-C.\n"
    assert demo.url.startswith("http://127.0.0.1:")
    (line,) = demo.errors.splitlines()
    assert line.startswith("glassnet: left out runs/points: expected a network of classes that reads images")


@pytest.mark.slow
def test_gradios_client_picks_draws_and_uploads(ask: Any, tmp_path: Path) -> None:
    handle_file = pytest.importorskip("gradio_client").handle_file
    assert ask("models") == ["drawing", "runs/small"]
    images = ask("images", "runs/small", {"seed": 4})
    assert len(images["labels"]) == len(images["predicted"]) == 100
    picked = ask("pick", "runs/small", {"seed": 4, "number": 7})
    assert picked["actual"] == images["labels"][7]
    assert picked["right"] is (picked["digits"][0]["name"] == picked["actual"])
    assert ask("draw", "drawing", drawing(SEVEN))["digits"][0]["name"] == "7"
    crossed = ask("draw", "drawing", drawing([(60, 60), (220, 220)], [(220, 60), (60, 220)]))
    assert crossed["digits"][0]["said"] == "not a digit: straight lines"
    Image.fromarray(255 - sevens(2)).save(tmp_path / "row.jpg")
    told = ask("photo", "drawing", handle_file(str(tmp_path / "row.jpg")))
    assert [digit["name"] for digit in told["digits"]] == ["7", "7"]
    assert ask("weights", "runs/small")["units"] == 12


@pytest.mark.slow
def test_bad_input_is_answered_in_one_line(ask: Any, demo: Demo, tmp_path: Path) -> None:
    handle_file = pytest.importorskip("gradio_client").handle_file
    (tmp_path / "notes.txt").write_text("no picture")
    told = ask("photo", "drawing", handle_file(str(tmp_path / "notes.txt")))
    assert told["problem"].startswith("notes.txt: expected a picture")
    assert ask("pick", "nothing", {"seed": 4, "number": 7})["problem"].startswith(
        "expected a model among drawing"
    )
    assert ask("images", "drawing", {"seed": -1})["problem"].startswith("seed: expected a whole number")
    assert ask("draw", "drawing", {"shape": [9, 9], "bytes": "?"})["problem"].startswith("expected a drawing")
    for name in ("images", "pick"):
        assert ask(name, "drawing", None)["problem"].startswith("expected which images, such as ")
    assert posted(demo, "draw", "drawing") == "expected 2 values, got 1"
    assert posted(demo, "photo", "drawing", 3) == "expected a file that was uploaded, got 3"
    assert len(demo.errors.splitlines()) == 1  # nothing but the run that was left out


def posted(demo: Demo, name: str, *values: Any) -> str:
    """Ask as no client does, and return why it is refused."""
    body = json.dumps({"data": values}).encode()
    asked = Request(f"{demo.url}gradio_api/run/{name}", body, {"Content-Type": "application/json"})
    with pytest.raises(HTTPError) as refused:
        urlopen(asked)
    error: str = json.load(refused.value)["error"]
    refused.value.close()
    return error


@pytest.mark.slow
def test_files_that_were_not_uploaded_are_not_read_and_addresses_not_fetched(
    demo: Demo, folder: Path
) -> None:
    """Left to itself, Gradio copies the file to where everyone may load it, and fetches the address."""
    for path in (str(folder / "watch" / "sitecustomize.py"), "../secret", "http://elsewhere.example/x.png"):
        file = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
        said = f"expected a file that was uploaded, got {reprlib.repr(path)}"
        assert posted(demo, "photo", "drawing", file) == said
        assert posted(demo, "weights", file) == said
        assert posted(demo, "draw", "drawing", {"shape": [{"deep": file}]}) == said
    assert len(list((folder / "tmp").glob("*/*/sitecustomize.py"))) == 0


@pytest.mark.slow
def test_another_host_and_what_is_too_large_are_turned_away(demo: Demo) -> None:
    place = HTTPConnection(demo.url.split("/")[2])
    place.putrequest("POST", "/gradio_api/run/draw")
    place.putheader("Content-Length", str(3 * 2**20))
    place.endheaders()
    assert place.getresponse().status == 413
    place.close()
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(demo.url, headers={"Host": "elsewhere.example"}))
    assert refused.value.code == 403
    refused.value.close()
    with urlopen(demo.url + "favicon.ico") as icon:
        assert icon.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.slow
def test_no_code_of_it_calls_anyone(ask: Any, folder: Path) -> None:
    ask("draw", "drawing", drawing(ONE))
    asked = (folder / "asked.txt").read_text(encoding="utf-8").splitlines()
    ours = "127.0.0.1", "'fc-list'"  # this machine, and its list of fonts, for matplotlib
    assert [line for line in asked if not any(word in line for word in ours)] == []


# ---- commands that do not begin


def refused(folder: Path, *arguments: str) -> str:
    outcome = glassnet(["demo", "--no-open", *arguments], folder, environment(folder))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    return outcome.err


@pytest.mark.slow
def test_a_model_of_another_shape_or_none_is_one_line(folder: Path) -> None:
    points = str(Path("runs") / "points")
    assert refused(folder, points) == (
        "glassnet: runs/points: expected a network of classes that reads images of 28×28, got inputs (2,)\n"
    )
    assert refused(folder, "nowhere").startswith("glassnet: nowhere: expected a run folder or a model file")


@pytest.mark.slow
def test_a_port_that_is_taken_is_one_line(folder: Path) -> None:
    pytest.importorskip("gradio")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused(folder, "drawing", "--port", str(port)) == (
            f"glassnet: --port: expected a port that is free, got {port}, where others listen\n"
        )


def test_without_gradio_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in server.SETTINGS:
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(extras.MissingExtra) as missing, server.prepared():
        pass
    assert str(missing.value) == 'glassnet demo needs gradio: pip install "glassnet[demo]"'


def test_no_tunnel_is_opened_without_share(monkeypatch: pytest.MonkeyPatch) -> None:
    command = importlib.import_module("glassnet.cli.demo")
    opened: list[Any] = []
    monkeypatch.setattr(server, "shared", lambda place: opened.append(place) or "https://public.example")
    monkeypatch.setattr(server, "app", lambda models, seed, allowed: (seed, allowed))
    monkeypatch.setattr(server, "serve", lambda application, place, ready: ready())
    with socket.create_server(("127.0.0.1", 0)) as place:
        command._serve(None, 0, place, None, share=False, browser=False)
        assert opened == []
        command._serve(None, 0, place, None, share=True, browser=False)
        assert opened == [place]


def test_the_part_that_is_drawn_travels_with_the_package() -> None:
    for name in server.FILES:
        assert (server.FOLDER / name).stat().st_size > 1000
    assert np.char.count((server.FOLDER / "demo.js").read_text(encoding="utf-8"), "http").sum() <= 1
