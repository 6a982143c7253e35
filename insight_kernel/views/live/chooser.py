"""A list of names that keeps the keys pressed in it to itself."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets


class Chooser(anywidget.AnyWidget):
    """A list to select one of several names from; ``value`` is the number of the name, or None.

    The list of ipywidgets leaves letters typed into it to JupyterLab, for which they are commands.
    """

    _esm = Path(__file__).with_name("chooser.js")
    names: Any = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Int(None, allow_none=True).tag(sync=True)
