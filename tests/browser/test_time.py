"""The time line: back to any point, on from there, the same numbers again, points saved, runs replayed."""

import re
from time import perf_counter

import numpy as np
import pytest
from playwright.sync_api import expect

import glassnet
from e2e.command import glassnet as command

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def trained(look, url, more=""):
    """A page on a run that went to its end."""
    seen = look(url + more)
    seen.until_status("ready")
    seen.button("Start").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen["validation"]["step"] == seen.step == seen["frame"]["total_steps"], "the end")
    seen.until(lambda: seen["timeline"]["snapshots"][-1]["step"] == seen.step, "its snapshot")
    return seen


def time_line(seen):
    return seen.page.get_by_role("slider", name="Time", exact=True)


def go_back(seen, key):
    """Press a key on the time line and wait; return the point it leads to, and the seconds it took."""
    before = seen["frame"]["scrub"]
    started = perf_counter()
    time_line(seen).press(key)
    seen.until(lambda: seen["frame"]["scrub"] not in (None, before), f"another point after {key}")
    took = perf_counter() - started
    point = next(one for one in seen["timeline"]["snapshots"] if one["id"] == seen["frame"]["scrub"])
    seen.until(lambda: seen["validation"]["scrub"] == point["id"], "the confusion matrix of that point")
    return point, took


def weights(seen):
    frame = seen["frame"]
    return [(one["limit"], frame.arrays[one["array"]].copy()) for one in frame["matrices"]]


def differ(one, other):
    return any(a[0] != b[0] or (a[1] != b[1]).any() for a, b in zip(one, other, strict=True))


def right(seen) -> int:
    """How many examples the confusion matrix counts as right."""
    return int(np.trace(seen["validation"].arrays["table"]))


def saved(seen, button, tmp_path):
    """Save by a button; return the name of the file and the network in it."""
    with seen.page.expect_download() as told:
        seen.button(button, exact=True).click()
    path = tmp_path / told.value.suggested_filename
    told.value.save_as(path)
    return path.name, glassnet.load(path)


def test_going_back_shows_the_weights_the_curves_and_the_confusion_matrix_of_then(studio, look, capsys):
    seen = trained(look, studio("--data", "mnist-sample").url)
    now, now_right, last = weights(seen), right(seen), seen.step
    first, _ = go_back(seen, "Home")
    assert first["step"] == 0
    assert (seen.step, seen["validation"]["step"]) == (0, 0)
    assert differ(weights(seen), now)
    assert right(seen) < now_right
    expect(seen.page.locator(".readouts .state")).to_have_text("in the past")
    expect(time_line(seen)).to_have_attribute("aria-valuetext", re.compile("^step 0, "))
    recognised = seen.page.get_by_role("gridcell", name=re.compile("^1 recognised"))
    expect(recognised).to_have_attribute(
        "aria-label", re.compile(f"{seen['validation'].arrays['table'][1, 1]} of")
    )

    times = []
    for _ in range(min(10, len(seen["timeline"]["snapshots"]) - 3)):
        point, took = go_back(seen, "ArrowRight")
        times.append(took)
        assert seen.step == point["step"]
    with capsys.disabled():
        print(f"\n[a point of the past, from the key to its picture: median {1e3 * np.median(times):.0f} ms]")

    time_line(seen).press("End")
    seen.until(lambda: seen["frame"]["scrub"] is None, "the present")
    seen.until(lambda: seen["validation"]["scrub"] is None, "its confusion matrix")
    assert (seen.step, right(seen)) == (last, now_right)
    assert not differ(weights(seen), now)


def test_the_time_line_is_drawn_with_the_mouse_too(studio, look):
    seen = trained(look, studio("--data", "mnist-sample").url)
    box = time_line(seen).bounding_box()
    middle = box["y"] + 14
    seen.page.mouse.move(box["x"] + box["width"] / 2, middle)
    seen.page.mouse.down()
    seen.until(lambda: seen["frame"]["scrub"], "a point in the middle")
    half = seen.step
    seen.page.mouse.move(box["x"] + box["width"] / 4, middle, steps=8)
    seen.until(lambda: 0 < seen.step < half, "an earlier one")
    seen.page.mouse.up()
    seen.button("Back to now").click()
    seen.until(lambda: seen["frame"]["scrub"] is None, "the present")
    assert seen.step > half


def test_going_on_without_a_change_gives_the_same_numbers_again(studio, look, tmp_path):
    seen = trained(look, studio("--data", "mnist-sample").url, "?epochs=6&dropout=0.2")
    epochs, curve = seen["frame"].arrays["epochs"].copy(), seen["frame"].arrays["curve"].copy()
    judged = seen["validation"].fields, seen["validation"].arrays["table"].copy()
    _, network = saved(seen, "save", tmp_path)
    go_back(seen, "Home")
    for _ in range(len(seen["timeline"]["snapshots"]) // 2):
        point, _ = go_back(seen, "ArrowRight")
    assert 0 < point["step"] < seen["frame"]["total_steps"]

    seen.button("Branch from here").click()
    seen.button("Branch", exact=True).click()
    seen.until(lambda: len(seen["timeline"]["branches"]) == 2 and seen.step == point["step"], "a branch")
    seen.until_status("paused")  # before that, to go on means more epochs
    seen.button("Go on").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen["validation"]["step"] == seen.step == seen["frame"]["total_steps"], "the end")
    assert seen["timeline"]["branches"][1]["changes"] == {}
    assert (seen["frame"].arrays["epochs"] == epochs).all()
    assert (seen["frame"].arrays["curve"][-1] == curve[-1]).all()
    assert seen["validation"]["loss"] == judged[0]["loss"]
    assert (seen["validation"].arrays["table"] == judged[1]).all()
    _, again = saved(seen, "save", tmp_path)
    assert (again.parameters.vector == network.parameters.vector).all()  # every bit


def test_a_branch_with_another_learning_rate_goes_its_own_way(studio, look):
    seen = trained(look, studio("--data", "mnist-sample").url, "?epochs=3")
    length, rate = seen["frame"]["total_steps"], seen["session"]["settings"]["learning_rate"]
    go_back(seen, "Home")
    point, _ = go_back(seen, "ArrowRight")
    seen.button("Branch from here").click()
    form = seen.page.get_by_role("form", name="New branch")
    form.get_by_label("learning rate").fill("0.001")
    form.get_by_role("button", name="Branch", exact=True).click()
    seen.until(lambda: len(seen["timeline"]["branches"]) == 2, "a second branch")
    one, other = seen["timeline"]["branches"]
    assert (other["parent"], other["from_step"]) == (one["id"], point["step"])
    assert list(other["changes"]) == ["learning_rate"]
    seen.until_status("paused")
    seen.button("Go on").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen.step == length, "the end of the branch")
    assert seen["session"]["settings"]["learning_rate"] == pytest.approx(0.001)
    first = seen["branches"].arrays[f"curve_{one['id']}"]
    assert first[-1, 0] == length  # the other curve is still there, whole
    assert seen["frame"].arrays["curve"][-1, 1] != first[-1, 1]

    chips = seen.page.get_by_role("list", name="Branches")
    expect(chips.get_by_role("button").filter(has_text="learning rate")).to_be_visible()
    chips.get_by_role("button").filter(has_text=one["name"]).first.click()
    seen.until(lambda: seen["timeline"]["current"] == one["id"], "the first branch")
    seen.until(lambda: seen["session"]["settings"]["learning_rate"] == rate, "its learning rate")
    seen.until(lambda: seen.step == length, "its end")
    seen.button(f"Drop branch {other['name']}").click()
    seen.until(lambda: len(seen["timeline"]["branches"]) == 1, "one branch")


def test_there_are_up_to_four_branches(studio, look):
    seen = trained(look, studio("--data", "xor").url, "?epochs=50")
    for count in (2, 3, 4):
        go_back(seen, "Home")
        seen.button("Branch from here").click()
        seen.button("Branch", exact=True).click()
        seen.until(lambda count=count: len(seen["timeline"]["branches"]) == count, f"{count} branches")
        seen.button("step", exact=True).click()
        seen.until(lambda: seen.status == "paused" and seen.step == 1, "a step in it")
    go_back(seen, "Home")
    expect(seen.button("Branch from here")).to_be_disabled()


def test_any_point_is_saved_as_a_model_that_loads(studio, look, tmp_path):
    seen = trained(look, studio("--data", "mnist-sample").url, "?epochs=3")
    _, last = saved(seen, "save", tmp_path)
    go_back(seen, "Home")
    point, _ = go_back(seen, "ArrowRight")
    name, network = saved(seen, "Save this point", tmp_path)
    assert f"step-{point['step']}." in name
    assert (network.parameters.vector != last.parameters.vector).any()
    data = glassnet.data.load("mnist-sample", validation=0.1)
    found = glassnet.evaluate(network, data.validation)
    assert found.accuracy == pytest.approx(seen["validation"]["accuracy"], abs=1e-6)


def test_replay_walks_through_the_points_and_stops_at_the_end(studio, look):
    seen = trained(look, studio("--data", "mnist-sample").url, "?epochs=2")
    seen.steps.clear()
    seen.page.get_by_role("button", name=re.compile("^(Replay|Play)$")).click()
    seen.until(lambda: len({*seen.steps}) > 3, "several points in turn")
    seen.until(lambda: seen["frame"]["scrub"] is None, "the present")
    assert seen.step == max(seen.steps)


def test_a_finished_run_is_opened_and_replayed(studio, look, tmp_path):
    (tmp_path / "home").mkdir(exist_ok=True)
    from e2e.command import environment

    done = command(["train", "--data", "mnist-sample", "--epochs", "3", "--seed", "2"], tmp_path,
                   environment(tmp_path / "home"))  # fmt: skip
    assert done.code == 0, done.err
    seen = look(studio("--run", "runs/mnist-sample-1").url)
    seen.until_status("ended")
    assert seen["session"]["mode"] in ("live", "replay")
    assert seen["session"]["settings"]["seed"] == 2
    assert len(seen["frame"].arrays["epochs"]) == 3
    last, accuracy = seen.step, seen["validation"]["accuracy"]
    first, _ = go_back(seen, "Home")
    assert first["step"] < last
    assert seen["validation"]["accuracy"] < accuracy
    seen.page.get_by_role("button", name=re.compile("^(Replay|Play)$")).click()
    seen.until(lambda: seen["frame"]["scrub"] is None and seen.step == last, "the end of the replay")
