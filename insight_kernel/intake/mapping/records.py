"""From a delivered file to items: each row, object or form is one record of which queries make entities."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.intake.documents import read_documents
from insight_kernel.intake.items import Bad, Item, Items
from insight_kernel.intake.mapping.declared import TREES, Declared, Query
from insight_kernel.intake.mapping.forms import form_of
from insight_kernel.intake.mapping.making import Maker, Rows, derived
from insight_kernel.intake.mapping.reading import fits, read_declared
from insight_kernel.intake.mapping.tables import BOOKS, TEXTS, Wrong, table_of
from insight_kernel.intake.mapping.trees import rows_of, tree_of, within
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.within import Within
from insight_kernel.model.schema import Vocabulary

_TABLES = (*TEXTS, *BOOKS)


@dataclass(frozen=True)
class TableMapping:
    """A mapping, ready to read files; `year` is the one it is read in, by which zones of documents tell centuries."""

    declared: Declared
    vocabulary: Vocabulary
    year: int

    def speaks_of(self, path: Path) -> bool:
        """Tell whether the mapping has a query for files of this name."""
        return any(fits(query, path.name) for query in self.declared.queries)

    def items(self, path: Path) -> Items:
        """Yield the records of a file.

        Raises
        ------
        BadInput
            When no query speaks of it, or it lacks columns that are needed: before the first record.
        """
        queries = tuple(query for query in self.declared.queries if fits(query, path.name))
        if not queries:
            known = ", ".join(sorted({query.file for query in self.declared.queries}))
            wrong = f"{self.declared.path.name} has no query for it (it has: {known})"
            raise BadInput(f"load {path}", wrong, "Add a query with this file.")
        suffix = path.suffix.lower()
        read = self._rows if suffix in _TABLES else self._trees if suffix in TREES else self._forms
        return read(path, queries)

    def _rows(self, path: Path, queries: tuple[Query, ...]) -> Items:
        for sheet in dict.fromkeys(query.sheet for query in queries):
            yield from self._table(path, sheet, tuple(query for query in queries if query.sheet == sheet))

    def _table(self, path: Path, sheet: str, queries: tuple[Query, ...]) -> Items:
        with table_of(path, sheet) as table:
            self._check_columns(path, table.header, queries)
            made, which = self._maker(queries, table.header).made, range(len(queries))
            above, named = json.dumps(table.header, ensure_ascii=False), f"{sheet} row" if sheet else "row"
            for number, row in enumerate(table.rows, 1):
                if isinstance(row, Wrong):
                    yield Bad(f"{named} {number}", "", row.why, row.content)
                    continue
                content = f"[{above}, {json.dumps(row, ensure_ascii=False)}]".encode()
                cells = [cell.strip() for cell in row]
                yield made(f"{named} {number}", content, [(query, cells) for query in which])

    def _trees(self, path: Path, queries: tuple[Query, ...]) -> Items:
        tree = tree_of(path)
        for records in dict.fromkeys(query.records for query in queries):
            asked = tuple(query for query in queries if query.records == records)
            columns = self._columns(asked)
            maker = self._maker(asked, columns)
            for number, record in enumerate(within(tree, records), 1):
                yield self._object(f"{records or 'record'} {number}", record, maker, asked, columns)

    def _object(
        self, place: str, record: Any, maker: Maker, queries: Sequence[Query], columns: Sequence[str]
    ) -> Item | Bad:
        text = json.dumps(record, ensure_ascii=False)
        content = text.encode("utf-8", "backslashreplace")
        if not isinstance(record, dict) or content != text.encode("utf-8", "replace"):
            return Bad(place, "", "is no object of texts", content)
        return maker.made(place, content, _aligned(record, queries, columns))

    def _forms(self, path: Path, queries: tuple[Query, ...]) -> Items:
        columns = self._columns(queries)
        maker, around = self._maker(queries, columns), Within()

        def further(item: Item, document: Document, id_: str) -> Item | Bad:
            told = maker.made(item.place, item.content, _aligned(form_of(document, id_), queries, columns))
            if isinstance(told, Item):
                told = replace(told, entities=(*item.entities, *told.entities))
            return around.taken(told)

        yield from read_documents(path, further)

    def _maker(self, queries: Sequence[Query], columns: Sequence[str]) -> Maker:
        return Maker(self.declared, queries, columns, self.vocabulary, self.year)

    def _columns(self, queries: tuple[Query, ...]) -> list[str]:
        known = set(derived(self.declared))
        return list(
            dict.fromkeys(column for _, column in self.declared.needed(queries) if column not in known)
        )

    def _check_columns(self, path: Path, header: Sequence[str], queries: tuple[Query, ...]) -> None:
        known = {*header, *derived(self.declared)}
        wrong = sorted({f"{place}: {_no_column(column, header)}" for place, column in self.declared.needed(queries)
                        if column not in known})  # fmt: skip
        if wrong:
            said = f"{self.declared.path.name} and its header differ: {'; '.join(wrong)}"
            raise BadInput(f"load {path}", said, "Mend one.")


def read_mapping(path: Path, vocabulary: Vocabulary, year: int) -> TableMapping:
    """Read and check a mapping file.

    Raises
    ------
    BadInput
        When anything is wrong: with every mistake of the file.
    """
    return TableMapping(read_declared(path, vocabulary), vocabulary, year)


def _aligned(record: dict[str, Any], queries: Sequence[Query], columns: Sequence[str]) -> Rows:
    """Return the rows of a tree for each query, their cells in the order of the columns."""
    return [(n, [row.get(column, "") for column in columns])
            for n, query in enumerate(queries) for row in rows_of(record, query.each)]  # fmt: skip


def _no_column(column: str, header: Sequence[str]) -> str:
    near = get_close_matches(column, header, 1)
    return f"no column {column!r}" + (f" (near: {near[0]!r})" if near else "")
