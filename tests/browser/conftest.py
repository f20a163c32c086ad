"""Chromium, studios to open in it, and pages that fail their test if they complain or ask elsewhere."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.process import Studio
from e2e.command import environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from browser.watched import Watched

collect_ignore_glob = [] if importlib.util.find_spec("playwright") else ["test_*.py"]
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 30_000  # of `expect`, on a busy machine; its own five seconds are a stop-watch
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium (or $GLASSNET_CHROMIUM), with a new profile."""
    from playwright.sync_api import expect, sync_playwright

    path = os.environ.get("GLASSNET_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("needs chromium, or its path in $GLASSNET_CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Studios:
    """Studios that were started; in the end Ctrl-C ends them, and stderr has what is `expected`."""

    def __init__(self, folder: Path) -> None:
        (folder / "home").mkdir(exist_ok=True)
        self._folder, self._env = folder, environment(folder / "home")
        self._started: list[Studio] = []

    def start(self, *arguments: str, links: int = 1, **more: str) -> Studio:
        self._started.append(Studio(list(arguments), self._folder, {**self._env, **more}, links))
        return self._started[-1]

    def end(self) -> None:
        ends = [(one.end(), one.errors) for one in self._started]
        for one in self._started:
            one.close()
        assert ends == [(0, one.expected) for one in self._started]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Callable[..., Studio]]:
    """Start a studio for one test."""
    studios = Studios(tmp_path)
    yield studios.start
    studios.end()


@pytest.fixture(scope="module")
def shared_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Studio]]:
    """Start a studio, or take the one that a test of this module started with the same arguments.

    It is as the last test left it: for tests that only look on, or begin with a new network.
    """
    studios = Studios(tmp_path_factory.mktemp("studio"))
    start = cache(studios.start)
    yield start
    studios.end()


@pytest.fixture
def look(chromium: "Browser") -> "Iterator[Callable[..., Watched]]":
    """Open an address in a page; other options than `beside` are those of a Playwright context.

    `beside` another page is a second tab of the same browser. After the test no page may have complained.
    """
    from browser.watched import Watched

    opened: list[Watched] = []

    def open_page(url: str, beside: "Watched | None" = None, **options: Any) -> "Watched":
        context = beside.page.context if beside else chromium.new_context(**{"viewport": WIDE, **options})
        opened.append(Watched(context, url))
        return opened[-1]

    yield open_page
    for one in opened:
        if not one.page.is_closed():
            one.page.wait_for_timeout(50)  # what is under way may still complain
            one.page.context.close()
    for one in opened:
        one.check()
