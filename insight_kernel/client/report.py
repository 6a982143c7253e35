"""Reports from a notebook: the runner is a program of its own, so that the kernel holds nothing of it."""

import contextlib
import html
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from insight_kernel.client.asking import Asker
from insight_kernel.errors import Refused


@dataclass(frozen=True)
class Report:
    """A finished report: one page that opens anywhere, and the notebook it was made from."""

    html: Path
    notebook: Path
    label: str

    def _repr_html_(self) -> str:
        page, notebook = (html.escape(os.path.relpath(path)) for path in (self.html, self.notebook))
        return (
            f'<p>Report: <a href="{page}" target="_blank">{page}</a>, '
            f'notebook: <a href="{notebook}" target="_blank">{notebook}</a></p><p>{html.escape(self.label)}</p>'
        )


def run(asker: Asker, name: str, parameters: Mapping[str, Any]) -> Report:
    """Run a template with the rights of this workspace, and show how far it is.

    Raises
    ------
    Refused
        When there is no report: the template, its parameters or the purpose do not fit, or it failed.
    """
    # parameters go by standard input: a command line can be read by others
    with subprocess.Popen(
        [sys.executable, "-m", "insight_kernel.reports"], env={**os.environ, **asker.environment},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as runner:  # fmt: skip
        try:
            said = _followed(runner, json.dumps({"name": name, "parameters": dict(parameters)}))
        except BaseException:
            runner.terminate()
            raise
    if said.get("status") == "done":
        return Report(Path(said["html"]), Path(said["notebook"]), str(said["label"]))
    raise Refused(f"run the report {name}", said.get("error") or "it ended without a word", _REMEDY)


_REMEDY = "What a report takes is said by: insight report show NAME."


def _followed(runner: "subprocess.Popen[str]", asked: str) -> dict[str, Any]:
    """Hand over what is asked, show how many cells are done, and return the last line said."""
    said: dict[str, Any] = {}
    if runner.stdin is None or runner.stdout is None:
        return said
    with contextlib.suppress(BrokenPipeError), runner.stdin:
        runner.stdin.write(asked)
    with tqdm(unit=" cells", file=sys.stdout, leave=False) as bar:
        for line in runner.stdout:
            said = json.loads(line)
            bar.total, bar.n = said.get("of", bar.total), said.get("cell", bar.n)
            bar.refresh()
    return said
