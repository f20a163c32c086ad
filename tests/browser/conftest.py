"""Chromium, studios to open in it, and pages that fail their test if they complain or ask elsewhere."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
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
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium (or $GLASSNET_CHROMIUM), with a new profile."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("GLASSNET_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("needs chromium, or its path in $GLASSNET_CHROMIUM")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Callable[..., Studio]]:
    """Start a studio; after the test Ctrl-C ends them, and stderr has what is `expected`."""
    (tmp_path / "home").mkdir(exist_ok=True)
    env = environment(tmp_path / "home")
    started: list[Studio] = []

    def start(*arguments: str, links: int = 1, **more: str) -> Studio:
        started.append(Studio(list(arguments), tmp_path, {**env, **more}, links))
        return started[-1]

    yield start
    ends = [(one.end(), one.errors) for one in started]
    for one in started:
        one.close()
    assert ends == [(0, one.expected) for one in started]


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
