"""The last look before something leaves: nothing acts, nothing hides, and the place of a leftover is named."""

import base64
import io
from typing import Any

import nbformat
import pytest
from matplotlib.figure import Figure

from insight_kernel.errors import BadInput, Refused
from insight_kernel.leaving.notebook import read_notebook, refuse_leftovers, stripped
from insight_kernel.leaving.page import refuse_active
from insight_kernel.leaving.pictures import plain_png


def picture(*, plain: bool, after: bytes = b"") -> str:
    """A small PNG in base 64, with the text its maker writes into it or without, and bytes after its end."""
    made = io.BytesIO()
    Figure(figsize=(0.1, 0.1)).savefig(made, metadata={"Author": "MARKER"})
    encoded = base64.b64encode(made.getvalue()).decode()
    return base64.b64encode(base64.b64decode(plain_png(encoded) if plain else encoded) + after).decode()


def output(metadata: Any = None, **data: Any) -> dict[str, Any]:
    """An output with data by kind, their `/` written as `_`."""
    named = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": metadata or {}}


def cell(*outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A code cell."""
    found = {"cell_type": "code", "id": "a", "source": "1", "metadata": {}, "execution_count": 1}
    return {**found, "outputs": list(outputs), **more}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """A notebook."""
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


WIDGETS = {"application/vnd.jupyter.widget-state+json": {"state": {"m": "MARKER"}}}
STDERR = {"output_type": "stream", "name": "stderr", "text": "/home/ana/MARKER"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "MARKER", "traceback": []}
HIDING: dict[str, tuple[dict[str, Any], str]] = {
    "widget state": (notebook(cell(), widgets=WIDGETS), "the notebook"),
    "the template's path": (notebook(papermill={"input_path": "/home/ana/MARKER"}), "the notebook"),
    "the version of Python": (notebook(language_info={"name": "python", "version": "MARKER"}), "the notebook"),
    "times of a cell": (notebook(cell(), cell(metadata={"execution": {"start": "MARKER"}})), "cell 2"),
    "a tag": (notebook(cell(metadata={"tags": ["MARKER"]})), "cell 1"),
    "standard error": (notebook(cell(STDERR)), "cell 1"),
    "a picture's text": (notebook(cell(output(image_png=picture(plain=False)))), "cell 1"),
    "a widget": (notebook(cell(output(application_widget="MARKER"))), "cell 1"),
    "an output's metadata": (notebook(cell(output(text_plain="x", metadata={"a": "MARKER"}))), "cell 1"),
}  # fmt: skip
ACTING: dict[str, tuple[dict[str, Any], str]] = {
    "a script": (notebook(cell(output(text_html=["<p>", "<script>1</script>"]))), "cell 1"),
    "a comment": (notebook(cell(), cell(output(text_html="<p><!-- MARKER --></p>"))), "cell 2"),
    "an error": (notebook(cell(ERROR)), "cell 1"),
    "an attachment": (notebook(cell(attachments={"a.png": {"image/png": "MARKER"}})), "cell 1"),
    "bytes after a picture": (notebook(cell(output(image_png=picture(plain=True, after=b"MARKER")))), "cell 1"),
    "no picture": (notebook(cell(output(image_png="MARKER!"))), "cell 1"),
}  # fmt: skip


@pytest.mark.case("A53")
@pytest.mark.parametrize("name", [*HIDING, *ACTING])
def test_a_leftover_is_refused_with_its_place(name: str) -> None:
    """Widget state, metadata, attachments, active outputs: which cell, and what, without repeating it."""
    found, place = {**HIDING, **ACTING}[name]
    with pytest.raises(BadInput) as refused:
        refuse_leftovers(found)
    assert refused.value.wrong.startswith(place)
    assert "MARKER" not in str(refused.value)


@pytest.mark.case("A53")
@pytest.mark.parametrize("name", HIDING)
def test_what_can_be_stripped_is_gone_when_a_report_is_made(name: str) -> None:
    """Times, paths, widget state, texts of pictures and standard error are never kept."""
    found = stripped(HIDING[name][0])
    refuse_leftovers(found)
    assert "MARKER" not in repr(found)


def test_a_report_as_it_is_made_may_leave() -> None:
    """Text, tables, pictures and the tag of the parameters stay as they are."""
    good = notebook(
        {"cell_type": "markdown", "id": "m", "source": "# Facts", "metadata": {}},
        cell(output(text_html="<p>x</p>", text_plain="x"), metadata={"tags": ["parameters"]}),
        cell(
            output(image_png=picture(plain=True)),
            {"output_type": "stream", "name": "stdout", "text": "x"},
            id="b",
        ),
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        insight={"status": "done"},
    )
    assert stripped(good) == good
    refuse_leftovers(good)
    nbformat.validate(good)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"cells": 1}',
        b'{"cells": [[]], "metadata": {}}',
        b'{"cells": [{"outputs": 5}], "metadata": {}}',
        b'{"cells": [{"metadata": 1}], "metadata": {}}',
        b'{"cells": [{"outputs": [1]}], "metadata": {}}',
        b'{"cells": [], "metadata": 5}',
    ],
)
def test_what_is_no_notebook_is_refused(data: bytes) -> None:
    """Whatever the bytes are, the refusal is one line."""
    with pytest.raises(BadInput):
        refuse_leftovers(read_notebook(data))


@pytest.mark.case("A53")
@pytest.mark.parametrize(
    "page",
    [
        "<p><!-- MARKER --></p>",
        f'<img src="data:image/png;base64,{picture(plain=False)}">',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<img src="data:image/jpeg;base64,/9j/4AAQ">',
    ],
    ids=["a comment", "a picture's text", "a picture that is a document", "a picture of another kind"],
)
def test_a_page_hides_nothing(page: str) -> None:
    """No comment, and pictures that are nothing but pictures."""
    with pytest.raises(Refused):
        refuse_active(page)
    refuse_active(f'<img src="data:image/png;base64,{picture(plain=True)}">')
