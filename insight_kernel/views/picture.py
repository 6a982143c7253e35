"""A finished picture: SVG text and one sentence that says what it shows."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path


@dataclass(frozen=True)
class Picture:
    """A self-contained figure: it needs no script, no font file and nothing from the network.

    Parameters
    ----------
    svg
        One ``<svg>`` element as text, ready to stand inside an HTML page.
    alt
        What the picture shows, for people who do not see it; not escaped.

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

    def _repr_html_(self) -> str:
        return f"<figure>{self.svg}<figcaption>{escape(self.alt)}</figcaption></figure>"

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
