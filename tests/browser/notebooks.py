"""JupyterLab and marimo as a user starts them: processes of their own, far from any network."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from e2e.command import environment

SECONDS = 60.0
QUIET = {"fetchNews": "false", "checkForUpdates": False}  # JupyterLab's own questions to the world


def jupyter(folder: Path) -> list[str]:
    """The command that serves a folder by JupyterLab; its settings lie there too."""
    settings = folder / "home" / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    return [
        sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--ip=127.0.0.1",
        "--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=secret", "--LabApp.news_url=", "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip


def marimo(path: Path) -> list[str]:
    """The command that runs a notebook of marimo."""
    own = ["--headless", "--no-token", "--host", "127.0.0.1", "--port", "{port}"]
    return [sys.executable, "-m", "marimo", "--quiet", "run", str(path), *own]


@contextmanager
def serving(command: Sequence[str], folder: Path, health: str) -> Iterator[str]:
    """Start a server in the folder, wait until it answers, and give its address; end it after the block."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    home = folder / "home"
    home.mkdir(exist_ok=True)
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "spaces"),
    }
    own |= {
        "IPYTHONDIR": str(home / "ipython"),
        "XDG_CONFIG_HOME": str(home),
        "MARIMO_SKIP_UPDATE_CHECK": "1",
    }
    env = {**environment(home, **own), "PYTHONWARNINGS": "default"}  # others' are not ours to mend
    words = [part.replace("{port}", str(port)) for part in command]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(f"http://127.0.0.1:{port}{health}", process, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # with its kernels
            try:
                process.wait(timeout=60)
            finally:
                process.kill()


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            urlopen(address, timeout=5).close()
            return
        except (URLError, ConnectionError, TimeoutError):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)


def notebook(path: Path, *cells: str) -> None:
    """Write a notebook of Jupyter."""
    told = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for i, cell in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": told}))
