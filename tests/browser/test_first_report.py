"""The demo's report as a reader opens it: in a browser, from a file, with no network to ask."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from insight_kernel.demo import Demo, make_demo
from tests.real import needs

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--hide-scrollbars", "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, made once."""
    return make_demo(tmp_path_factory.mktemp("demo") / "demo", say=lambda _: None)


def opened(page: Path, folder: Path, *asked: str) -> "subprocess.CompletedProcess[str]":
    """Open a page in Chromium with an empty profile."""
    command = [needs("chromium"), *QUIET, f"--user-data-dir={folder / 'profile'}", *asked, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def test_the_report_has_what_a_first_report_needs(demo: Demo) -> None:
    """Links, events, a map, gaps, and values of at least two different grades, each with its scale."""
    page = (demo.run.html or Path()).read_text(encoding="utf-8")
    for heading in (
        "Identity",
        "Links",
        "Events",
        "Places",
        "Timeline",
        "Assessment",
        "Gaps",
        "Recommendations",
    ):
        assert re.search(rf"<h[23][^>]*>\s*{heading}", page), heading
    assert {"4x4 B2", "admiralty A2", "not graded"} <= set(
        re.findall(r"4x4 B2|admiralty A2|not graded", page)
    )
    assert "Natural Earth, no political statement" in page
    assert "No passport or other identity document" in page


def test_the_browser_shows_it_and_complains_of_nothing(demo: Demo, tmp_path: Path) -> None:
    """It is drawn, figures included, and the console stays empty: nothing is blocked because nothing is asked for."""
    assert demo.run.html is not None
    shot = tmp_path / "page.png"
    said = opened(demo.run.html, tmp_path, "--window-size=1000,6000", f"--screenshot={shot}")
    assert "CONSOLE" not in said.stderr
    colours = np.unique(np.asarray(Image.open(shot).convert("RGB")).reshape(-1, 3), axis=0)
    assert len(colours) > 500


def test_the_page_the_browser_built_has_every_figure(demo: Demo, tmp_path: Path) -> None:
    """Three figures are there as pictures with a description, and no script ran or was there to run."""
    assert demo.run.html is not None
    built = opened(demo.run.html, tmp_path, "--dump-dom").stdout
    assert built.count("<svg ") == built.count("<figcaption") == 3
    assert "<script" not in built


def test_the_same_day_again_adds_nothing(demo: Demo) -> None:
    """Whoever runs the demo twice has one world and two reports."""
    again = make_demo(demo.store.parent, say=lambda _: None)
    assert again.store == demo.store
    assert again.run.id != demo.run.id
