"""Reports from a notebook: the runner is a program of its own, so that the kernel holds nothing of it."""

import html
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    access = {"INSIGHT_GATEWAY": asker.address, "INSIGHT_TOKEN": asker.token}
    # parameters go by standard input: a command line can be read by others
    done = subprocess.run(
        [sys.executable, "-m", "insight_kernel.reports"], env={**os.environ, **access},
        input=json.dumps({"name": name, "parameters": dict(parameters)}), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = json.loads(done.stdout or "{}")
    if said.get("status") == "done":
        return Report(Path(said["html"]), Path(said["notebook"]), str(said["label"]))
    raise Refused(f"run the report {name}", said.get("error") or "it ended without a word", _REMEDY)


_REMEDY = "What a report takes is said by: insight report show NAME."
