"""The pieces a report is made of: paragraphs, tables and figures, every text escaped in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from insight_kernel.views import Picture


@dataclass(frozen=True)
class Block:
    """A piece of a report: HTML for the page, one line of text for those who read the notebook's source."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


Cell = str | Block


def paragraph(text: str, *, kind: str = "") -> Block:
    """Return a paragraph; `kind` is its class in the page's style (`lead`, `made`, `empty`).

    Examples
    --------
    >>> paragraph("<b> & co")._repr_html_()
    '<p dir="auto">&lt;b&gt; &amp; co</p>'
    """
    return Block(f'<p{_class(kind)} dir="auto">{escape(text)}</p>', text)


def listed(texts: Sequence[str], *, kind: str = "") -> Block:
    """Return a list of sentences."""
    items = "".join(f'<li dir="auto">{escape(text)}</li>' for text in texts)
    return Block(f"<ul{_class(kind)}>{items}</ul>", f"List of {len(texts)}")


def chip(text: str, kind: str = "") -> Block:
    """Return a short marked word, such as a grade."""
    return Block(f'<span class="{escape(f"chip {kind}".strip())}">{escape(text)}</span>', text)


def together(*blocks: Block, between: str = "") -> Block:
    """Return several blocks as one."""
    return Block(between.join(b.html for b in blocks), " ".join(b.text for b in blocks))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, made: str, grouped: int = 0
) -> Block:
    """Return a table with its title and a sentence saying how it was made.

    Equal cells below each other become one in the first `grouped` columns, as long as those before are equal
    too. Cells find their own direction of writing.

    Examples
    --------
    >>> table("T", ["a", "b"], [("x", "1"), ("x", "2")], made="By hand.", grouped=1).html.count("rowspan")
    1
    """
    found = [list(row) for row in rows]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(f"<tr>{_cells(found, n, grouped)}</tr>" for n in range(len(found)))
    caption = f'<caption dir="auto"><b>{escape(title)}</b> <span class="made">{escape(made)}</span></caption>'
    html = f'<table class="data">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return Block(html, f"Table {title!r} with {len(found)} rows")


def figure(picture: Picture, title: str, *, made: str) -> Block:
    """Return a picture with its title, what it shows in words, and how it was made."""
    said = f'<b>{escape(title)}</b> <span dir="auto">{escape(picture.alt)}</span>'
    caption = f'<figcaption>{said} <span class="made">{escape(made)}</span></figcaption>'
    return Block(f"<figure>{picture.svg}{caption}</figure>", f"Figure {title!r}: {picture.alt}")


def _cells(rows: Sequence[Sequence[Cell]], row: int, grouped: int) -> str:
    return "".join(_cell(rows, row, column, grouped) for column in range(len(rows[row])))


def _cell(rows: Sequence[Sequence[Cell]], row: int, column: int, grouped: int) -> str:
    value = rows[row][column]
    inner = value.html if isinstance(value, Block) else escape(value)
    if column >= grouped:
        return f'<td dir="auto">{inner}</td>'
    key = rows[row][: column + 1]
    if row and rows[row - 1][: column + 1] == key:
        return ""
    span = next(len(list(run)) for _, run in groupby(rows[row:], lambda r: r[: column + 1]))
    return f'<td dir="auto"{f" rowspan={chr(34)}{span}{chr(34)}" if span > 1 else ""}>{inner}</td>'


def _class(kind: str) -> str:
    return f' class="{escape(kind)}"' if kind else ""
