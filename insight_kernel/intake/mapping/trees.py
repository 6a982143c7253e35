"""Trees: what JSON, XML and forms hold, and the rows that lie in them.

A tree is a mapping of names to texts, lists and trees. Of an XML element the attributes stand under `@name`, the
text beside elements or attributes under `#text`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.intake.mapping.compiled import SEVERAL
from insight_kernel.intake.mapping.declared import XML
from insight_kernel.intake.reading.document import Refused
from insight_kernel.intake.reading.markup import XmlTarget, parse_xml
from insight_kernel.intake.reading.strict_json import parsed

_TEXT, _LARGEST = "#text", 2**28


def tree_of(path: Path) -> Any:
    """Read a file of JSON (one text, or one on each line) or XML.

    Raises
    ------
    BadInput
        When it is none, is too large, or declares what may unfold without end.
    """
    if path.stat().st_size > _LARGEST:
        raise BadInput(f"load {path}", f"it is larger than {_LARGEST:,} bytes", "Deliver it in parts.")
    try:
        return _xml(path.read_bytes()) if path.suffix.lower() in XML else _json(path.read_bytes())
    except (Refused, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, Refused) else "is not UTF-8, as JSON must be"
        raise BadInput(f"load {path}", why, "Check the file.") from None


def _json(data: bytes) -> Any:
    text = data.decode("utf-8-sig")
    try:
        return parsed(text)
    except Refused:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        return [parsed(line) for line in lines]


def _xml(data: bytes) -> Any:
    tree = _Tree()
    parse_xml(data, tree)
    return tree.whole


class _Tree(XmlTarget):
    def __init__(self) -> None:
        self.whole: Any = ""
        self._open: list[dict[str, Any]] = []

    def begun(self, _: str, attributes: dict[str, str], /) -> None:
        self._open.append({f"@{key}": value for key, value in attributes.items()})

    def said(self, text: str) -> None:
        if self._open:
            self._open[-1][_TEXT] = self._open[-1].get(_TEXT, "") + text

    def ended(self, name: str) -> None:
        element = self._open.pop()
        text = element.pop(_TEXT, "").strip()
        value: Any = {**element, **({_TEXT: text} if text else {})} if element else text
        if self._open:
            put(self._open[-1], name.rpartition(":")[2], value)
        else:
            self.whole = value


def put(tree: dict[str, Any], name: str, value: Any) -> None:
    """Add a value under a name: a second one makes a list of them."""
    if name not in tree:
        tree[name] = value
    elif isinstance(tree[name], list):
        tree[name].append(value)
    else:
        tree[name] = [tree[name], value]


def within(tree: Any, path: str) -> Iterator[Any]:
    """Yield what lies at a path, such as `calls.call`; of a list on the way, in each of it.

    Examples
    --------
    >>> list(within({"calls": [{"call": 1}, {"call": [2, 3]}]}, "calls.call"))
    [1, 2, 3]
    """
    found = tree if isinstance(tree, list) else [tree]
    for name in filter(None, path.split(".")):
        found = [value for each in found if isinstance(each, dict) for value in _listed(each.get(name))]
    yield from found


def rows_of(record: Mapping[str, Any], each: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one record: itself, or what lies at `each` in it, with the columns of the record.

    A column is named by its path; where several values lie there they are parted by `compiled.SEVERAL`.

    Examples
    --------
    >>> notice = {"name": "SAMPLE", "warrants": [{"charge": "fraud"}, {"charge": "theft"}]}
    >>> list(rows_of(notice, "warrants"))
    [{'name': 'SAMPLE', 'warrants.charge': 'fraud'}, {'name': 'SAMPLE', 'warrants.charge': 'theft'}]
    >>> list(rows_of({"from": "a", "to": ["b", "c"]}, "to"))
    [{'from': 'a', 'to': 'b'}, {'from': 'a', 'to': 'c'}]
    """
    if not each:
        yield {name: SEVERAL.join(values) for name, values in _flat(record, "").items()}
        return
    around = {name: SEVERAL.join(values) for name, values in _flat(record, "", each).items()}
    for row in within(record, each):
        inner = _flat(row, f"{each}.") if isinstance(row, dict) else {each: [_text(row)]}
        yield around | {name: SEVERAL.join(values) for name, values in inner.items()}


def _flat(tree: Mapping[str, Any], above: str, without: str | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in tree.items():
        path = f"{above}{name}"
        for part in _listed(value) if path != without else ():
            inner = _flat(part, f"{path}.", without) if isinstance(part, dict) else {path: [_text(part)]}
            for column, values in inner.items():
                found.setdefault(column, []).extend(filter(None, values))
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if isinstance(value, list) else str(value).strip()
