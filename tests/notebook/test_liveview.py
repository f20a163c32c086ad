"""LiveView as cells use it, and what its pages see, without a browser."""

import builtins
import gc
import threading
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.extras import MissingExtra
from glassnet.notebook import LiveView, liveview, pages, widget
from glassnet.studio.ahead import AHEAD, SOONEST
from studio.cellpage import Page, Widget, until

SMALL: dict[str, Any] = {"hidden": [8], "batch_size": 32, "epochs": 3, "threads": 1}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch):
    """The widgets that were made; all views are closed in the end."""
    made: list[Widget] = []
    monkeypatch.setattr(widget, "make", lambda: made.append(Widget()) or made[-1])
    yield made
    for view in [*liveview._open]:
        view.close()
    assert not [one for one in threading.enumerate() if one.name in ("studio", "glassnet pages")]


def blobs_run(**settings: Any) -> gn.Training:
    net = gn.Network([gn.Dense(8), gn.BatchNorm(), gn.ReLU(), gn.Dense(5)], input_shape=2)
    return gn.Training(net, gn.data.load("blobs"), **{"epochs": 3, "threads": 1, **settings})


def test_a_run_of_a_cell_is_trained_in_place(shown: list[Widget]) -> None:
    run = blobs_run()
    alone = blobs_run()
    view = LiveView(run)
    assert (view.status, view.run, view.network, view.data) == ("ready", run, run.network, run.data)
    view.step(2)
    assert (view.status, run.step) == ("paused", 2)
    view.start()
    history = view.wait()
    assert (view.status, run.epoch, history is run.history) == ("ended", 3, True)
    alone.fit(progress=False)
    assert np.array_equal(run.network.parameters.vector, alone.network.parameters.vector)
    view.change(epochs=4, learning_rate=0.01)
    view.start()
    view.wait()
    assert (run.epoch, run.settings.learning_rate) == (4, 0.01)
    assert repr(view) == "LiveView of blobs, 2-8-5, epoch 4 of 4: ended"
    view.close()
    assert (view.status, repr(view)) == ("closed", "LiveView of blobs, 2-8-5, epoch 4 of 4: closed")
    with pytest.raises(ValueError, match="start: expected an open view, got one that was closed"):
        view.start()
    run.change(epochs=5)
    run.fit(progress=False)  # it is the cell's again
    assert run.epoch == 5


def test_what_would_begin_another_network_is_refused_for_a_run_of_a_cell(shown: list[Widget]) -> None:
    view = LiveView(blobs_run())
    page = Page(shown[0], "a").open()
    hello = page.newest["hello"]
    assert hello["begins"] is False
    assert hello["recipes"] == hello["gallery"] == []
    names = {control["name"]: control["disabled"] for control in hello["controls"]}
    assert "learning_rate" in names
    assert "hidden" not in names
    assert names["dropout"] == "This network has no Dropout layers."
    for kind, fields in {
        "new_seed": {},
        "setup": {"settings": {"hidden": [3]}},
        "recipe": {"name": "points"},
    }.items():
        answer = page.ask(kind, **fields)
        assert answer["kind"] == "error"
        assert answer["message"].startswith(f"{kind}: this view is of a run made in a cell")
    with pytest.raises(ValueError, match="dropout: expected a network with Dropout layers"):
        view.change(dropout=0.5)
    assert view.run.step == 0


def test_back_is_where_the_view_found_the_run(shown: list[Widget]) -> None:
    run = blobs_run(epochs=2)
    run.fit(progress=False)
    run.change(epochs=4)
    found = run.network.parameters.vector.copy()
    view = LiveView(run)
    page = Page(shown[0], "a").open()
    assert len(page.newest["frame"]["arrays"]["epochs"]) == 2  # what was before is in the curves
    view.start()
    view.wait()
    assert run.epoch == 4
    assert page.ask("reset")["kind"] == "done"
    assert (run.epoch, view.run is run) == (2, True)
    assert np.array_equal(run.network.parameters.vector, found)


def test_a_cell_may_go_on_with_the_run_while_the_view_rests(shown: list[Widget]) -> None:
    run = blobs_run(epochs=2)
    view = LiveView(run)
    view.step()
    run.fit(progress=False)
    view.change(epochs=3)
    view.start()
    view.wait()
    assert (run.epoch, view.status) == (3, "ended")


def test_a_view_of_data_trains_what_its_settings_say(shown: list[Widget]) -> None:
    view = LiveView("blobs", **SMALL, optimizer="adam", learning_rate=0.01)
    page = Page(shown[0], "a").open()
    assert view.network.parameters.vector.size == 2 * 8 + 8 + 8 * 5 + 5
    page.ask("start")
    view.wait()
    until(lambda: page.status == "ended")
    assert view.run.epoch == 3
    before = view.run
    page.ask("new_seed")
    assert view.run is not before  # here the page may begin another
    assert view.run.settings.seed == 1


def test_several_pages_each_hear_what_they_asked(shown: list[Widget]) -> None:
    view = LiveView("mnist-sample", **SMALL)
    assert view.status == "ready"
    one, other = Page(shown[0], "a").open(), Page(shown[0], "b").open()
    one.ask("step")
    until(lambda: one.step == other.step == 1)
    picture = np.zeros((40, 40), np.uint8)
    picture[5:35, 18:23] = 255
    told = [{"name": "picture", "dtype": "uint8", "shape": [40, 40]}]
    answer = one.ask("draw", [picture.tobytes()], reader="drawing", arrays=told)
    assert answer["kind"] == "reading", answer
    assert other.answers == {}
    shown[0].say({"page": "a", "bye": True})
    other.ask("step")
    until(lambda: other.step == 2)
    assert one.step == 1
    words = other.words
    shown[0].say({"page": "b"})  # a sign of life is answered
    until(lambda: other.words == words + 1)
    shown[0].say({"nonsense": 1})
    shown[0].say({"page": "b", "said": "{"})
    until(lambda: "error" in other.newest)


def test_a_page_that_sleeps_is_sent_little_and_finds_the_newest(shown: list[Widget]) -> None:
    view = LiveView("blobs", **{**SMALL, "epochs": 10_000})
    page = Page(shown[0], "a").open()
    page.asleep = True
    view.start()
    first = view.run.step
    began, before = monotonic(), shown[0].sent
    until(lambda: view.run.step > first + 3000)
    sent = shown[0].sent - before
    assert sent <= AHEAD + 1 + (monotonic() - began) / SOONEST  # however slow the machine is
    page.asleep = False
    shown[0].say({"page": "a", "read": 10**9})  # nothing that was sent
    view.pause()
    until(lambda: page.status == "paused" and page.step == view.run.step)


def test_a_run_has_one_view(shown: list[Widget]) -> None:
    run = blobs_run()
    first = LiveView(run)
    page = Page(shown[0], "a").open()
    second = LiveView(run)
    assert (first.status, second.status) == ("closed", "ready")
    until(lambda: page.over is True)
    assert first._end.alive is False


def test_a_cell_that_is_run_again_closes_what_it_showed(
    shown: list[Widget], monkeypatch: pytest.MonkeyPatch
) -> None:
    def view_in(name: str, run: int) -> LiveView:
        monkeypatch.setattr(liveview.cells, "current", lambda: liveview.cells.Cell(name, run))
        return LiveView("blobs", **SMALL)

    one, beside, elsewhere = view_in("c1", 1), view_in("c1", 1), view_in("c2", 2)
    again = view_in("c1", 3)
    assert [view.status for view in (one, beside, elsewhere, again)] == ["closed", "closed", "ready", "ready"]
    assert [one.closed for one in shown] == [True, True, False, False]


def test_a_view_that_nobody_holds_ends(shown: list[Widget]) -> None:
    view = LiveView(blobs_run())
    end = view._end
    del view
    gc.collect()
    assert not end.alive
    assert not [one for one in threading.enumerate() if one.name == "studio"]


def test_what_is_seen_lives_on_until_the_notebook_closes_it(
    shown: list[Widget], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOOKING", 0.02)
    view = LiveView(blobs_run())
    view._display_()
    end = view._end
    del view
    gc.collect()
    assert end.alive
    shown[0].comm._closed = True  # as marimo does when the cell is run again
    until(lambda: not end.alive)
    until(lambda: not [one for one in threading.enumerate() if one.name in ("studio", "glassnet pages")])


def test_a_view_that_was_never_seen_leaves_no_widget_and_one_that_was_says_that_it_is_over(
    shown: list[Widget],
) -> None:
    LiveView(blobs_run()).close()
    assert shown[0].closed
    view = LiveView(blobs_run())
    Page(shown[1], "a").open()
    view.close()
    assert not shown[1].closed  # its last picture stays
    late = Page(shown[1], "b")
    shown[1].say({"page": "b"})  # reloaded
    assert late.over is True
    with pytest.raises(ValueError, match="unknown setting"):
        LiveView("blobs", hiden=[3])
    assert shown[2].closed


def test_a_view_whose_widget_is_gone_is_a_line(shown: list[Widget]) -> None:
    view = LiveView(blobs_run())
    view.widget.comm = None
    assert view._repr_mimebundle_() == {"text/plain": repr(view)}
    assert view._display_() == repr(view)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("targets", [np.arange(40) % 3, np.linspace(0, 1, 40)[:, None]])
def test_arrays_without_a_validation_set_are_shown(
    shown: list[Widget], targets: np.ndarray, dtype: str
) -> None:
    points = np.linspace(-1, 1, 160).reshape(40, 4)
    outputs, loss = (3, "cross_entropy") if targets.ndim == 1 else (1, "mse")
    net = gn.Network([gn.Dense(5), gn.Tanh(), gn.Dense(outputs)], input_shape=4, loss=loss, dtype=dtype)
    view = LiveView(gn.Training(net, (points, targets), epochs=2, threads=1))
    page = Page(shown[0], "a").open()
    view.start()
    view.wait()
    until(lambda: page.status == "ended")
    assert page.newest["frame"]["arrays"]["answer"].shape == (outputs,)


def test_an_interrupted_wait_pauses_the_run(shown: list[Widget], monkeypatch: pytest.MonkeyPatch) -> None:
    view = LiveView("blobs", **{**SMALL, "epochs": 10_000})
    view.start()
    assert view.wait(timeout=0.01) is view.history
    assert view.status == "running"

    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(view, "_until", interrupted)
        with pytest.raises(KeyboardInterrupt):
            view.wait()
    assert view.status == "paused"


def test_a_run_that_diverged_says_so(shown: list[Widget]) -> None:
    net = gn.Network([gn.Dense(8), gn.Dense(1)], input_shape=2, loss="mse")
    data = (np.full((64, 2), 1e3), np.full((64, 1), 1e3))
    run = gn.Training(net, data, optimizer="sgd", learning_rate=1e3, threads=1)
    view = LiveView(run)
    view.start()
    view.wait()
    assert view.status == "diverged"
    page = Page(shown[0], "a").open()
    assert page.status == "diverged"
    assert page.newest["session"]["message"]


@pytest.mark.parametrize(
    ("run", "settings", "line"),
    [
        ("nowhere.csv", {}, "nowhere.csv: expected a file or folder with data, found none"),
        ("blobs", {"hiden": [3]}, "unknown setting 'hiden'; did you mean 'hidden'"),
        ("blobs", {"hidden": [0]}, "hidden: expected whole numbers of units"),
        ("blobs", {"epochs": 0}, "epochs: expected a whole number"),
        (3, {}, "LiveView: expected a Training, or the name of data, got a int"),
        ("blobs", {"memory": "much"}, "memory: expected a number of megabytes, at least 0, got 'much'"),
        ("blobs", {"memory": float("nan")}, "memory: expected a number of megabytes, at least 0, got nan"),
        (Path("nowhere.csv"), {}, "nowhere.csv: expected a file or folder with data, found none"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    shown: list[Widget], run: Any, settings: dict[str, Any], line: str
) -> None:
    with pytest.raises((ValueError, OSError)) as caught:
        LiveView(run, **settings)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not [one for one in threading.enumerate() if one.name in ("studio", "glassnet pages")]


def test_a_network_alone_is_no_run(shown: list[Widget]) -> None:
    run = blobs_run()
    with pytest.raises(ValueError, match=r"got a Network; gn.Training\(network, data\) makes one"):
        LiveView(run.network)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="epochs: expected without a run, which has its own settings"):
        LiveView(run, epochs=3)


def test_where_there_is_no_kernel_a_line_is_shown(shown: list[Widget]) -> None:
    view = LiveView(blobs_run())
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == "LiveView of blobs, 2-8-5, epoch 0 of 3: ready. Run this cell to see it."
    assert "application/vnd.jupyter.widget-view+json" in data
    assert view._display_() is shown[0]


def test_without_anywidget_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def without(name: str, *more: Any, **others: Any) -> Any:
        if name == "anywidget":
            raise ModuleNotFoundError("No module named 'anywidget'", name="anywidget")
        return known(name, *more, **others)

    widget._kind.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r'LiveView needs anywidget: pip install "glassnet\[notebook\]"'):
        LiveView("blobs")


def test_the_widget_is_the_studios_own_module() -> None:
    pytest.importorskip("anywidget")
    made = widget.make()
    assert "export default" in str(made._esm)
    assert ".studio" in made.css
    assert made.get_state(["css"])["css"] == made.css
    made.close()
