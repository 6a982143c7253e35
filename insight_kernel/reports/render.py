"""One self-contained page from an executed notebook: it works offline, prints on A4 and runs no script."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets.config import Config

from insight_kernel.leaving.page import refuse_active

_FOLDER = Path(__file__).parent / "page"
_STYLE = _FOLDER / "insight" / "report.css"


class _Page(TemplateExporter):
    """Our own small template, whatever templates and settings the machine has."""

    file_extension = ".html"
    template_name = "insight"
    extra_template_basedirs = [str(_FOLDER)]  # noqa: RUF012  # a traitlet's default
    filters = {"report_output": lambda output: _output(output)}  # noqa: RUF012


def render(
    notebook: Any, *, title: str, label: Mapping[str, Any], until: str | None = None, checkpoint: str | None = None
) -> str:  # fmt: skip
    """Return the page of a report.

    Parameters
    ----------
    notebook
        Executed; only its markdown and outputs are shown, never its code.
    title
        The template's title.
    label
        The label of everything the report was made from, as the gateway says it: its level and handling
        stand on every printed page.
    until
        The day on which a registered run is gone; otherwise the label's expiry counts.
    checkpoint
        The last checkpoint of the audit log when a registered run began; without one nothing is said of the log.

    Returns
    -------
    str
        HTML with all styles and figures in it.

    Raises
    ------
    Refused
        When an output holds anything that could act or reach out: a script, a handler, a foreign address.
    """
    report = {
        "title": f"{title} ({label['level']})", "style": style(),
        "level": str(label["level"]), "handling": _handling(label), "foot": _foot(label, until, checkpoint),
    }  # fmt: skip
    exporter = _Page(config=Config())  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(notebook, resources={"report": report})
    return refuse_active(str(page))


def style() -> str:
    """Return the style of a page that prints, as it stands in each."""
    return _STYLE.read_text(encoding="utf-8")


def _handling(label: Mapping[str, Any]) -> str:
    words = [*label["handling"], *label["special"], *(f"condition: {text}" for text in label["conditions"])]
    owners = f"owners {', '.join(label['owners'])}"
    return " · ".join([*words, owners, *(["other conditions"] if label["other"] else [])])


def _foot(label: Mapping[str, Any], until: str | None, checkpoint: str | None) -> str:
    last = until or label["expires"]
    duty = f" · expires {last}: then to be deleted" if last else ""
    log = f" · audit log: {checkpoint}" if checkpoint else ""
    return f"purposes {', '.join(label['purposes'])}{duty}{log}"


def _output(output: Mapping[str, Any]) -> str:
    """Return one output as HTML; whatever is not HTML of ours stays text."""
    if output["output_type"] == "stream":
        return "" if output["name"] == "stderr" else f"<pre>{escape(str(output['text']))}</pre>"
    data = output.get("data", {})
    if "text/html" in data:
        return str(data["text/html"])
    if "image/png" in data:
        return f'<figure><img alt="" src="data:image/png;base64,{escape(str(data["image/png"]).strip())}"></figure>'
    return f"<pre>{escape(str(data.get('text/plain', '')))}</pre>"
