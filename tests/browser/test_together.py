"""Several pages on one run: tabs, reloads, tabs that close, watchers, and a server that goes."""

import os
import signal

import pytest
from playwright.sync_api import expect

from browser.watched import with_query

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def training(look, url, **options):
    """A page in which a long run is under way."""
    seen = look(with_query(url, "epochs=10000"), **options)
    seen.until(lambda: seen["session"].fields.get("epochs") == 10000, "ten thousand epochs")
    seen.button("Start").click()
    seen.until(lambda: seen.status == "running" and seen.step > 5, "some steps")
    return seen


def test_a_reload_finds_the_run_again(studio, look):
    seen = training(look, studio("--data", "mnist-sample").url)
    run, step = seen["session"]["run"], seen.step
    seen.newest.clear()
    seen.page.reload()
    seen.until(lambda: seen.status == "running" and seen.step > step, "the same run, further on")
    assert seen["session"]["run"] == run
    seen.button("Pause").click()
    seen.until_status("paused")
    seen.newest.clear()
    seen.page.reload()
    seen.until_status("paused")
    assert len(seen["frame"].arrays["curve"]) > 1
    expect(seen.button("Go on")).to_be_enabled()


def test_two_tabs_see_the_same_and_both_drive(studio, look):
    url = studio("--data", "mnist-sample").url
    one = training(look, url)
    other = look(url, beside=one)
    other.until(lambda: other.status == "running", "the run in the second tab")
    other.button("Pause").click()
    one.until_status("paused")
    other.until_status("paused")
    one.until(
        lambda: len({page[kind]["step"] for page in (one, other) for kind in ("frame", "validation")}) == 1,
        "the same step in both, and the same judgement",
    )
    assert (one["frame"].arrays["curve"] == other["frame"].arrays["curve"]).all()
    assert one["validation"].fields == other["validation"].fields
    field = one.page.get_by_role("textbox", name="learning rate")
    field.fill("0.007")
    field.press("Enter")
    expect(other.page.get_by_role("textbox", name="learning rate")).to_have_value("0.007")


def test_closing_the_tab_does_not_stop_the_run(studio, look):
    url = studio("--data", "mnist-sample").url
    seen = training(look, url)
    step = seen.step
    seen.page.context.close()
    again = look(url)
    again.until(lambda: again.status == "running" and again.step > step, "the run, further on")
    expect(again.button("Pause")).to_be_enabled()


def test_when_the_server_goes_the_page_says_so_and_keeps_the_last_picture(studio, look):
    server = studio("--data", "mnist-sample")
    seen = look(server.url)
    seen.until_status("ready")
    seen.make_an_epoch()
    expect(seen.page.locator(".readouts")).to_contain_text("step113 of 1,695")
    seen.expected = "ERR_CONNECTION_REFUSED"  # Chromium's own words at each try, whatever the page does
    assert server.end() == 0
    expect(seen.page.get_by_text("The server has gone.")).to_be_visible()
    seen.page.wait_for_timeout(1500)  # it looks for the server again
    expect(seen.page.locator(".readouts .state")).to_have_text("disconnected")
    expect(seen.page.locator(".readouts")).to_contain_text("step113 of 1,695")
    expect(seen.button("Go on")).to_be_disabled()
    expect(seen.page.get_by_role("img", name="Loss by step")).to_be_visible()


def test_a_page_comes_back_when_the_server_does(studio, look):
    server = studio("--data", "mnist-sample")
    seen = look(server.url)
    seen.until_status("ready")
    os.kill(server.process.pid, signal.SIGSTOP)  # as a laptop that sleeps
    seen.page.wait_for_timeout(500)
    os.kill(server.process.pid, signal.SIGCONT)
    seen.button("step", exact=True).click()
    seen.until(lambda: seen.step == 1, "a step after the pause")
    expect(seen.page.locator(".readouts")).to_contain_text("step1 of")


def test_a_watcher_sees_the_run_and_no_controls(studio, look):
    drive, watch = studio("--data", "mnist-sample", "--host", "127.0.0.2", links=2).links
    driving = training(look, drive)
    seen = look(watch)
    seen.until(lambda: seen.status == "running" and seen["frame"]["step"] > 0, "the run")
    assert seen["hello"]["role"] == "watch"
    expect(seen.page.get_by_text("You are watching")).to_be_visible()
    for name in ("Pause", "Go on", "step", "epoch", "same seed", "new seed"):
        expect(seen.button(name, exact=True)).to_have_count(0)
    expect(seen.page.get_by_role("textbox", name="learning rate")).to_be_disabled()
    seen.press("Space")
    seen.press("r")
    seen.page.wait_for_timeout(300)
    assert driving.status == "running"
