"""What the pages show is what happens: commands run, generated pages are up to date, links lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from insight_kernel.reference import pages

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def commands(page: Path) -> list[str]:
    """Return the command lines a page shows in its console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [
        line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_what_the_code_says(name: str) -> None:
    """Rules, command line, Python names and schemata on paper never drift from the code (`poe docs` writes them)."""
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.name)
def test_commands_on_a_page_run_in_their_order(page: Path, tmp_path: Path) -> None:
    """A reader who types what a page shows gets no error."""
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    environment.pop("INSIGHT_STORE", None)
    for line in commands(page):
        words = shlex.split(line)
        assert words[0] == "insight", line
        command = [sys.executable, "-m", "insight_kernel.cli", *words[1:]]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """No page points at a file that is not there."""
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not missing


def test_every_command_is_explained() -> None:
    """Each command has help of its own on the command-line page."""
    page = pages()["cli.md"]
    for name in ("load", "search", "demo", "world", "up", "policy decide", "policy explain", "policy check",
                 "policy table", "audit verify", "audit show", "report run", "report release"):  # fmt: skip
        assert f"## `insight {name}`" in page
