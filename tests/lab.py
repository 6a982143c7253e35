"""A real JupyterLab without a hub, and a real browser in it that reaches this machine alone."""

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import Page, Route, sync_playwright

from insight_kernel.launch.ports import any_free
from tests.real import needs

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
_PATIENCE = 60_000
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {
        "windowingMode": "none"
    },  # cells out of sight stay in the page
}


@dataclass
class Lab:
    """A notebook in JupyterLab in a browser; what the browser asked and complained of is kept."""

    page: Page
    folder: Path
    address: str
    token: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, cells: Sequence[str], name: str = "views.ipynb") -> None:
        """Write a notebook, open it and run all of it."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)
        self.page.goto(f"{self.address}/lab/tree/{name}?token={self.token}&reset")
        self.page.wait_for_selector(".jp-Notebook-cell", timeout=_PATIENCE)
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=_PATIENCE,
        )
        self.execute("notebook:run-all-cells")

    def execute(self, command: str) -> None:
        """Run one of JupyterLab's commands to its end."""
        self.page.evaluate("command => window.jupyterapp.commands.execute(command)", command)

    def answer(self, number: int) -> str:
        """Run one cell, counted from 0, and return what it says."""
        self.page.evaluate(
            "n => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = n; }", number
        )
        self.execute("notebook:run-cell")
        return (
            self.page.locator(".jp-Notebook-cell")
            .nth(number)
            .locator(".jp-OutputArea-output")
            .inner_text()
            .strip()
        )

    def output(self, number: int) -> Any:
        """Return what stands below a cell, counted from 0."""
        return self.page.locator(".jp-Notebook-cell").nth(number).locator(".jp-OutputArea-output").first

    def save(self, name: str = "views.ipynb") -> Path:
        """Save the notebook and return its path."""
        self.execute("docmanager:save")
        return self.folder / name


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab on a free port of this machine, with settings of its own, and a browser at it."""
    chromium, port, token = needs("chromium"), any_free(1)[0], secrets.token_hex(16)
    (folder / "work").mkdir(parents=True)
    with _server(folder, port, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(15_000)
        found = Lab(page, folder / "work", f"http://127.0.0.1:{port}", token)
        page.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.route("**/*", lambda route: _at_home(route, found))
        try:
            yield found
        finally:
            browser.close()


def _at_home(route: Route, found: Lab) -> None:
    """Let a request to this machine pass; any other is kept and stopped."""
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        found.foreign.append(route.request.url)
        route.abort()


@contextmanager
def _server(folder: Path, port: int, token: str) -> Iterator[None]:
    own = {
        name: str(folder / name.lower())
        for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    overrides = Path(own["JUPYTER_CONFIG_DIR"], "labconfig", "default_setting_overrides.json")
    for path in own.values():
        Path(path).mkdir()
    overrides.parent.mkdir()
    overrides.write_text(json.dumps(_SETTINGS), encoding="utf-8")
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder / 'work'}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    log = folder / "server.log"
    with log.open("w") as said:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=said, stderr=said)
        try:
            _answering(process, port, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answering(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until the server takes connections; say what it said when it ends instead."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError(log.read_text(encoding="utf-8")[-2000:])
