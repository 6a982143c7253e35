"""The pieces a report is made of: paragraphs, tables and figures, every text escaped in one place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import starmap

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
_NUMBER = re.compile(r"[\d,.]*\d")
_UNBROKEN = re.compile(r".{1,16}|\S{1,20}")
_LONG = re.compile(r"\S{21}")
_SHORT = 12  # rows; a table up to this length is not broken over pages


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


def moment(text: str) -> str:
    """Return a date, or a date with its time to the minute, as it is read.

    Examples
    --------
    >>> moment("2026-07-23T20:39:20"), moment("2026-07")
    ('2026-07-23 20:39', '2026-07')
    """
    return text[: len("2026-07-23T20:39")].replace("T", " ")


def together(*blocks: Block, between: str = "") -> Block:
    """Return several blocks as one."""
    return Block(between.join(b.html for b in blocks), " ".join(b.text for b in blocks))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, made: str, grouped: int = 0
) -> Block:
    """Return a table with its title and a sentence saying how it was made; columns of numbers are set as such.

    Of equal cells below each other in the first `grouped` columns only the first is shown, as long as those
    before are equal too; no cell spans rows, because browsers do not print such rows over a page's end. Cells
    find their own direction of writing.

    Examples
    --------
    >>> table("T", ["a", "b"], [("x", "1"), ("x", "2")], made="By hand.", grouped=1).html.count("again")
    1
    """
    found = [list(row) for row in rows]
    numeric = [all(_NUMBER.fullmatch(str(row[n])) for row in found) for n in range(len(columns))]
    names = zip(columns, numeric, strict=True)
    head = "".join(
        f'<th scope="col"{_class("num" * is_number)}>{escape(name)}</th>' for name, is_number in names
    )
    body = "".join(f"<tr>{_cells(found, n, grouped, numeric)}</tr>" for n in range(len(found)))
    caption = f'<caption dir="auto"><b>{escape(title)}</b> <span class="made">{escape(made)}</span></caption>'
    kind = "data short" if len(found) <= _SHORT else "data"
    html = f'<table class="{kind}">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return Block(html, f"Table {title!r} with {len(found)} rows")


def figure(picture: Picture, title: str, *, made: str) -> Block:
    """Return a picture with its title, what it shows in words, and how it was made."""
    said = f'<b>{escape(title)}</b> <span dir="auto">{escape(picture.alt)}</span>'
    caption = f'<figcaption>{said} <span class="made">{escape(made)}</span></figcaption>'
    return Block(f"<figure>{picture.svg}{caption}</figure>", f"Figure {title!r}: {picture.alt}")


def _cells(rows: Sequence[Sequence[Cell]], row: int, grouped: int, numeric: Sequence[bool]) -> str:
    kinds = ["num" if numeric[n] else _wrapping(value) for n, value in enumerate(rows[row])]
    for n in range(grouped):
        if row and rows[row - 1][: n + 1] == rows[row][: n + 1]:
            kinds[n] = "again"
    return "".join(starmap(_cell, zip(rows[row], kinds, strict=True)))


def _cell(value: Cell, kind: str) -> str:
    inner = value.html if isinstance(value, Block) else escape(value)
    inner = f"<span>{inner}</span>" if kind == "again" else inner
    return f'<td dir="auto"{_class(kind)}>{inner}</td>'


def _wrapping(value: Cell) -> str:
    """Mark what must not be broken into lines (dates, numbers, short words), and what has to be, even in words."""
    if not isinstance(value, str):
        return ""
    return "whole" if _UNBROKEN.fullmatch(value) else "long" if _LONG.search(value) else ""


def _class(kind: str) -> str:
    return f' class="{escape(kind)}"' if kind else ""
