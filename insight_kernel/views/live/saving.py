"""What is saved of a live picture: the still one beside it, which needs no running kernel to be seen again."""

from collections.abc import Iterator, Mapping
from typing import Any

from insight_kernel.views.live import WIDGET


def keep_still(model: Mapping[str, Any], **_: Any) -> None:
    """Take live forms out of a notebook that is being saved, where a still one stands in the same output.

    Jupyter's server calls it before it saves (`ContentsManager.pre_save_hook`); other files are left alone.

    Examples
    --------
    >>> output = {"data": {WIDGET: {"model_id": "1"}, "text/html": "<svg/>"}}
    >>> keep_still({"type": "notebook", "content": {"cells": [{"outputs": [output]}]}})
    >>> output["data"]
    {'text/html': '<svg/>'}
    """
    if model.get("type") == "notebook" and isinstance(model.get("content"), Mapping):
        for data in _shown(model["content"]):
            if "text/html" in data:
                data.pop(WIDGET, None)


def _shown(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in notebook.get("cells", ()):
        yield from (output["data"] for output in cell.get("outputs", ()) if "data" in output)
