"""A finished picture: SVG text and one sentence that says what it shows."""

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from insight_kernel.views.live.shell import Live


@dataclass(frozen=True)
class Picture:
    """A self-contained figure: it needs no script, no font file and nothing from the network.

    As the last line of a cell in JupyterLab a graph, map or timeline is shown live: it can be zoomed, and what is
    clicked is described beside it and can be read in the next cell as ``selected``. Everywhere else, in a report,
    a saved page or a script, the same picture stands still.

    Parameters
    ----------
    svg
        One ``<svg>`` element as text, ready to stand inside an HTML page.
    alt
        What the picture shows, for people who do not see it; not escaped.
    scene
        What was drawn, from which the live form is made; None for what has no live form.

    Examples
    --------
    >>> picture = Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', "Nothing to show.")
    >>> picture
    Picture('Nothing to show.', 1 kB)
    >>> picture._repr_html_().endswith("<figcaption>Nothing to show.</figcaption></figure>")
    True
    """

    svg: str = field(repr=False)
    alt: str
    scene: object = field(default=None, repr=False, compare=False)

    def _repr_html_(self) -> str:
        return f"<figure>{self.svg}<figcaption>{escape(self.alt)}</figcaption></figure>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return what JupyterLab shows before the still picture, which IPython adds by itself."""
        from insight_kernel.views.live import bundle

        return bundle(self)

    @cached_property
    def live(self) -> "Live":
        """The live form, the same each time: its ``widget`` can be put beside other widgets.

        Raises
        ------
        BadInput
            There is none, and why: a chart, an empty or a very large picture, a package that is not installed.
        """
        from insight_kernel.views.live import live_of

        return live_of(self.scene)

    @property
    def selected(self) -> Any:
        """What was last clicked or chosen in the live form: a node of the graph, or the label of a row; else None.

        Examples
        --------
        >>> import networkx as nx
        >>> from insight_kernel.views import graph
        >>> picture = graph(nx.Graph([("Ana", "Bo")]))
        >>> picture.selected is None
        True
        >>> picture.live.choose("Bo")
        >>> picture.selected
        'Bo'
        """
        return self.live.selected if "live" in self.__dict__ else None

    def save(self, path: str | Path) -> Path:
        """Write the SVG to a file and return its path.

        Parameters
        ----------
        path
            Where to; an existing file is replaced.

        Raises
        ------
        OSError
            The folder does not exist or cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> picture = Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', "Nothing to show.")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture.save(Path(folder, "a.svg")).read_text(encoding="utf-8") == picture.svg
        True
        """
        target = Path(path)
        target.write_text(self.svg, encoding="utf-8", newline="\n")
        return target

    def __repr__(self) -> str:
        return f"Picture({self.alt!r}, {-(-len(self.svg.encode()) // 1000)} kB)"
