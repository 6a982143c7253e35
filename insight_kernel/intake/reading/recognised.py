"""The text of scans, as Tesseract reads it where that is installed: in the language of the script, or not at all.

It is a program of its own and runs as a reader does: confined, and shown nothing but a picture drawn anew.
"""

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter

from insight_kernel.intake.reading.document import Content, Document, Scan
from insight_kernel.intake.reading.forked import Parent, wait

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "Latin": ("eng", "fra", "spa", "por", "deu", "ita"), "Cyrillic": ("rus", "ukr", "srp", "bul"),
    "Arabic": ("ara", "fas", "urd"), "Han": ("chi_sim", "chi_tra"), "Japanese": ("jpn",), "Hangul": ("kor",),
    "Greek": ("ell",), "Hebrew": ("heb",), "Devanagari": ("hin",), "Thai": ("tha",),
}  # fmt: skip
"""Script -> Tesseract's languages that are written in it; of these, the first that are installed are used."""
_AT_ONCE, _SURE, _WORD = (
    2,
    50.0,
    "5",
)  # languages; how sure of a word, of 100; the level of words in its table
_SECONDS = 60  # for a page
_LIMITS = {"seconds": _SECONDS, "memory": 2**31, "size": 0, "result": 2**24}
Row = Mapping[str, str]
_SCRIPT = re.compile(rb"^Script: (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Tesseract:
    """The program, and the languages it has."""

    path: str
    languages: frozenset[str]

    def text(self, scan: Scan, parent: Parent) -> "Page":
        """Return what stands on a page: in the language of its script, or the likeliest where it shows too little."""
        script = self._script(scan, parent)
        tried = [script] if script else list(LANGUAGES)
        known = [found for each in tried if (found := self._known(each))]
        pages = [Page(script, found, self._words(scan, found, parent)) for found in known]
        return max(pages, key=Page.weight, default=Page(script, (), []))

    def _known(self, script: str) -> tuple[str, ...]:
        return tuple(each for each in LANGUAGES.get(script, ()) if each in self.languages)[:_AT_ONCE]

    def _script(self, scan: Scan, parent: Parent) -> str | None:
        found = _SCRIPT.search(self._said(scan, parent, "--psm", "0", "-l", "osd"))
        return found[1].decode() if found else None

    def _words(self, scan: Scan, languages: Sequence[str], parent: Parent) -> "list[Row]":
        table = self._said(
            scan, parent, "--psm", "3", "-l", "+".join(languages), "-c", "tessedit_create_tsv=1"
        )
        lines = io.StringIO(table.decode("utf-8", "replace"), newline="\n")
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        words = [row for row in rows if row["level"] == _WORD and row["text"].strip()]
        return [word for word in words if float(word["conf"]) >= _SURE]

    def _said(self, scan: Scan, parent: Parent, *words: str) -> bytes:
        task = {"program": [self.path, "-", "-", *words], "limits": _LIMITS}
        with open(os.memfd_create("page"), "w+b") as given:  # noqa: PTH123
            given.write(scan.picture)
            given.seek(0)
            try:
                process = parent.fork(task, given, _SECONDS)
            except OSError:  # no process is left for it
                return b""
            with closing(process):
                wait([process])
                return b"" if process.late else process.answer()


@dataclass(frozen=True)
class Page:
    """What was read on one page: its script, where that could be told, and the words, in one or more languages."""

    script: str | None
    languages: tuple[str, ...]
    words: Sequence[Row]

    def weight(self) -> float:
        """Return how much was read, and how surely."""
        return sum(float(word["conf"]) * len(word["text"]) for word in self.words)

    def __str__(self) -> str:
        """Return its text: blocks parted by an empty line."""
        blocks = groupby(self.words, itemgetter("block_num"))
        return "\n\n".join("\n".join(_lines(list(words))) for _, words in blocks)


def _lines(words: Sequence[Row]) -> Iterator[str]:
    for _, line in groupby(words, itemgetter("par_num", "line_num")):
        yield " ".join(word["text"] for word in line)


@cache
def tesseract() -> Tesseract | None:
    """Return the program where it is installed."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    said = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return Tesseract(path, frozenset(said.splitlines()[1:]))


def recognised(document: Document, parent: Parent, engine: Tesseract | None) -> Document:
    """Return a document with the text of its scans, and of those of its parts; what could not be read is said."""
    content = document.content
    parts = tuple(recognised(part, parent, engine) for part in content.parts)
    content = replace(content, parts=parts, scans=())
    if document.content.scans:
        content = _with_text(content, document.content.scans, parent, engine)
    return replace(document, content=content)


def _with_text(content: Content, scans: Sequence[Scan], parent: Parent, engine: Tesseract | None) -> Content:
    if engine is None:
        return _warned(content, "scanned; Tesseract is not installed, so its text is not read")
    pages = [(scan.page, engine.text(scan, parent)) for scan in scans if scan.picture]
    missing = sorted({page.script for _, page in pages if page.script and not page.languages})
    for script in missing:
        content = _warned(content, f"scanned; Tesseract has no language for its script, {script}")
    if left := sum(not scan.picture for scan in scans):
        content = _warned(content, f"scanned; {left} pages more than are read")
    read = [(number, page) for number, page in pages if page.words]
    if not read:
        return content
    words = [word for _, page in read for word in page.words]
    languages = sorted({each for _, page in read for each in page.languages})
    sure = round(sum(float(word["conf"]) for word in words) / len(words))
    said = {"pages": sorted({number for number, _ in read}), "languages": languages, "confidence": sure}
    text = "\n\n".join(filter(None, [content.text, *(str(page) for _, page in read)]))
    return replace(content, text=text, metadata={**content.metadata, "recognised": said})


def _warned(content: Content, warning: str) -> Content:
    return replace(content, warnings=(*content.warnings, warning))
