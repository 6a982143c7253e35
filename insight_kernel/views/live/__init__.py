"""Pictures that answer to the mouse and the keyboard, in JupyterLab; nothing is asked of any other address.

The packages they are made with are imported when the first one is shown, never before.
"""

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_path

from insight_kernel.errors import BadInput
from insight_kernel.views.network import Network
from insight_kernel.views.places import Places
from insight_kernel.views.times import Times

if TYPE_CHECKING:
    from insight_kernel.views.live.shell import Live
    from insight_kernel.views.picture import Picture

WIDGET = "application/vnd.jupyter.widget-view+json"
_MOST = 600  # each node and link is a message of its own to the browser


def bundle(picture: "Picture") -> dict[str, Any]:
    """Return what a browser session shows for a picture: its live form, or the still one and why; else nothing."""
    if (
        picture.scene is None or "JPY_SESSION_NAME" not in os.environ
    ):  # set by the server for its sessions alone
        return {}
    try:
        return {
            WIDGET: {
                "version_major": 2,
                "version_minor": 0,
                "model_id": _drawable(picture.live).widget.model_id,
            }
        }
    except BadInput as still:
        return {"text/html": f"{picture._repr_html_()}<p>{escape(str(still))}</p>"}


def _drawable(live: "Live") -> "Live":
    """Return the live form if JupyterLab has what draws it; otherwise it would show nothing but a complaint."""
    for extension in ("@jupyter-widgets/jupyterlab-manager", "anywidget", live.front_end):
        if not any(Path(folder, extension).is_dir() for folder in jupyter_path("labextensions")):
            raise _still(f"JupyterLab has no extension {extension}", "Install it where JupyterLab runs.")
    return live


def live_of(scene: object) -> "Live":
    """Return the live form of what was drawn.

    Raises
    ------
    BadInput
        There is none, and why.
    """
    _small_enough(scene)
    try:
        return _made(scene)
    except ImportError as absent:
        package = (absent.name or "a package").partition(".")[0]
        raise _still(f"{package} is not installed", f"Install {package} beside JupyterLab.") from None


def _made(scene: object) -> "Live":
    if isinstance(scene, Network):
        from insight_kernel.views.live.network import LiveNetwork

        return LiveNetwork(scene)
    if isinstance(scene, Places):
        from insight_kernel.views.live.places import LivePlaces

        return LivePlaces(scene)
    if isinstance(scene, Times):
        from insight_kernel.views.live.times import LiveTimes

        return LiveTimes(scene)
    raise _still("a chart or an empty picture has nothing to select", "Draw a graph, a map or a timeline.")


def _small_enough(scene: object) -> None:
    if isinstance(scene, Network):
        size = len(scene.scene.nodes) + len(scene.scene.links)
        if size > _MOST:
            raise _still(
                f"it has {size:,} nodes and links, and {_MOST} is the most", "Draw a part of the graph."
            )


def _still(wrong: str, remedy: str) -> BadInput:
    return BadInput("show this picture live", wrong, remedy)
