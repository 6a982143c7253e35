"""Every shipped holding: its example is read, loaded, found and reported; wrong in it is exactly what is said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.loading import Delivery, Outcome, load_deliveries
from insight_kernel.client.workspace import Workspace
from insight_kernel.intake.clean import Cleaner, RejectedError
from insight_kernel.intake.holdings.shipped import BECOMES, Holding, find, names
from insight_kernel.intake.items import Bad, Entity, Item
from insight_kernel.intake.mapping.compiled import Compiled
from insight_kernel.intake.mapping.declared import TREES
from insight_kernel.intake.mapping.forms import form_of
from insight_kernel.intake.mapping.reading import fits
from insight_kernel.intake.mapping.records import TableMapping, read_mapping
from insight_kernel.intake.mapping.tables import BOOKS, TEXTS, table_of
from insight_kernel.intake.mapping.trees import rows_of, tree_of, within
from insight_kernel.intake.mapping.writing import rows_of_query
from insight_kernel.intake.profile import SourceProfile, read_profile
from insight_kernel.intake.reading.apart import read
from insight_kernel.intake.reading.document import Document
from insight_kernel.model.ids import entity_hasher
from insight_kernel.model.schema import vocabulary
from insight_kernel.model.values import clean
from insight_kernel.reference import pages
from insight_kernel.reports.run import run_report

HOLDINGS = names()
RECORDS, FAULTS = 200, 10
UNREAD = "processingError"
"""Where a part of a document says why it could not be read, or what is odd about it."""
Wrong = tuple[str, str, str, str]
"""File, place, field or property, and what becomes of it: `kept`, `duplicate`, or the rule that is broken."""


def mapping_of(holding: Holding) -> TableMapping:
    return read_mapping(holding.folder / "mapping.yml", vocabulary(), 2026)


def profile_of(holding: Holding) -> SourceProfile:
    path = holding.folder / "profile.yml"
    return read_profile(path, source=None, today=date.today(), vocabulary=vocabulary())


@dataclass(frozen=True)
class Read:
    """What an example says: how many records, and all that is wrong in it."""

    records: int
    wrong: set[Wrong]


@cache
def read_whole(name: str) -> Read:
    """Read the example of a holding as intake does, without a store."""
    holding, words = find(name), vocabulary()
    cleaner = Cleaner(words, profile_of(holding), entity_hasher(b"k" * 32), date.today())
    mapping, seen, wrong, records = mapping_of(holding), set[bytes](), set[Wrong](), 0
    for path in holding.examples:
        for item in mapping.items(path):
            records += 1
            wrong |= {(path.name, item.place, *said) for said in wrong_in(item, cleaner)}
            if isinstance(item, Item) and item.content in seen:
                wrong.add((path.name, item.place, "", "duplicate"))
            seen.add(item.content)
    return Read(records, wrong)


def wrong_in(item: Item | Bad, cleaner: Cleaner) -> Iterator[tuple[str, str]]:
    """Yield the rule that an item breaks, or the properties whose values cannot be read and stay as delivered."""
    if isinstance(item, Bad):
        yield item.field, item.rule
        return
    try:
        rows = cleaner.record_rows(item.entities, item.label)
    except RejectedError as error:
        yield error.field, error.rule
        return
    for row in rows:
        kind = vocabulary().get(row.type).properties[row.prop].type
        if row.prop == UNREAD or (row.value is not None and clean(kind, row.value) is None):
            yield row.prop, "kept"


@pytest.mark.parametrize("name", HOLDINGS)
def test_the_example_holds_what_is_said(name: str) -> None:
    """Two hundred records, ten faults of its layout, and nothing else that cannot be read."""
    holding, found = find(name), read_whole(name)
    [*files] = [path.name for path in holding.examples]
    said = {
        (fault.file or files[0], fault.place, fault.field, fault.rule or fault.becomes)
        for fault in holding.faults
    }
    assert found.records == RECORDS
    assert found.wrong == said
    assert len(said) == FAULTS


@pytest.mark.parametrize("name", HOLDINGS)
def test_each_fault_says_what_becomes_of_it_and_why(name: str) -> None:
    """A rule where it is quarantined, and only there."""
    for fault in find(name).faults:
        assert fault.becomes in BECOMES
        assert bool(fault.rule) == (fault.becomes == "quarantined")
        assert fault.why.endswith(".")


@pytest.mark.parametrize("name", HOLDINGS)
def test_an_example_is_invented_and_says_so(name: str) -> None:
    """Its profile allows exercises beside the real purposes; what is told of it is more than a line."""
    profile = profile_of(find(name))
    assert profile.invented
    assert {"training"} < profile.label.purposes - {"oversight"}
    assert find(name).about.count(".") >= 3
    assert "verify" in find(name).about


@pytest.mark.parametrize("name", HOLDINGS)
def test_every_column_is_used_or_left_aside_for_a_reason(name: str) -> None:
    """Nothing that is delivered is forgotten."""
    holding = find(name)
    declared = mapping_of(holding).declared
    used = {column for query in declared.queries for _, column in declared.needed((query,))}
    columns = {column for path in holding.examples for column in columns_of(holding, path)}
    assert columns - used == set(holding.unused)
    assert all(reason for reason in holding.unused.values())


def columns_of(holding: Holding, path: Path) -> Iterator[str]:
    """Yield the columns of an example, those that intake adds left out."""
    queries = [query for query in mapping_of(holding).declared.queries if fits(query, path.name)]
    if path.suffix in (*TEXTS, *BOOKS):
        for sheet in {query.sheet for query in queries}:
            with table_of(path, sheet) as table:
                yield from table.header
    elif path.suffix in TREES:
        for records in {query.records for query in queries}:
            yield from (column for record in within(tree_of(path), records) if isinstance(record, dict)
                        for row in rows_of(record, "") for column in row)  # fmt: skip
    else:
        yield from (column for column in forms_of(read(path)) if not column.startswith("@"))


def forms_of(document: Document) -> Iterator[str]:
    """Yield the fields of a document and of all that lies in it."""
    yield from (column for row in rows_of(form_of(document, "id"), "") for column in row)
    for part in document.content.parts:
        yield from forms_of(part)


@pytest.mark.parametrize("name", HOLDINGS)
def test_what_a_column_carries_comes_back(name: str) -> None:
    """Good records, written as rows by the mapping that read them and read again, have lost no value."""
    mapping = mapping_of(find(name))
    said = ((entity.schema, prop, cells) for query in mapping.declared.queries
            for entity in query.entities.values() for prop, cells in entity.properties.items())  # fmt: skip
    carried = {
        (schema, prop) for schema, prop, cells in said if len(cells.columns) == 1 and cells.join is None
    }
    items = (item for path in find(name).examples for item in mapping.items(path) if isinstance(item, Item))
    lost = [(item.place, said) for item in items for said in lost_of(item, mapping) if said in carried]
    assert lost == []


def lost_of(item: Item, mapping: TableMapping) -> Iterator[tuple[str, str]]:
    """Yield the properties of which a value is gone once an item was written and read by each query."""
    back = set()
    for query in mapping.declared.queries:
        columns = list(dict.fromkeys(column for _, column in query.needed()))
        made = Compiled(replace(mapping.declared, label={}, grade={}), [query], columns, mapping.vocabulary)
        for row in rows_of_query(query, item.entities):
            back |= statements(made.entities([(0, [row.get(column, "") for column in columns])]))
    return ((schema, prop) for _, schema, prop, _ in statements(item.entities) - back)


def statements(entities: Iterable[Entity]) -> set[tuple[str, str, str, str]]:
    return {(entity.id, entity.schema, prop, value) for entity in entities
            for prop, values in entity.properties.items() for value in values}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store into which all examples are loaded; its gateway stays up while tests run."""
    root = tmp_path_factory.mktemp("holdings") / "store"
    with EmbeddedGateway(root, create=True):
        load(root)
        yield root


def load(root: Path) -> Outcome:
    """Load all examples at once, the good records of files with bad ones too."""
    deliveries = [Delivery(found.examples, found.folder / "profile.yml", found.folder / "mapping.yml")
                  for found in map(find, HOLDINGS)]  # fmt: skip
    return load_deliveries(deliveries, store=root, keep_good=True)


@pytest.fixture(scope="module")
def again(store: Path) -> dict[str, Outcome]:
    """What became of the example of each holding when all of them were loaded once more."""
    files = load(store).files
    return {
        name: Outcome([event for event in files if Path(event["path"]).parent.name == name])
        for name in HOLDINGS
    }


@pytest.mark.parametrize("name", HOLDINGS)
def test_loading_it_again_changes_nothing(again: dict[str, Outcome], name: str) -> None:
    """What is read is there already or waits in quarantine."""
    found = again[name].as_dict()
    waiting = sum(fault.becomes == "quarantined" for fault in find(name).faults)
    assert (found["read"], found["new"], found["quarantined"]) == (RECORDS, 0, waiting)


@pytest.fixture(scope="module")
def workspace(store: Path) -> Iterator[Workspace]:
    """A workspace for exercises."""
    with EmbeddedGateway(store) as gateway:
        yield Workspace(Asker(gateway.ask_address, gateway.session(user="ana", purpose="training")))


@pytest.mark.parametrize("name", HOLDINGS)
def test_what_it_holds_is_found(workspace: Workspace, name: str) -> None:
    """By the text that its page names."""
    holding = find(name)
    found = workspace.search(holding.search)
    assert holding.finds in list(found["caption"])


@pytest.mark.slow
@pytest.mark.parametrize("name", HOLDINGS)
def test_a_report_is_made_of_it(store: Path, workspace: Workspace, name: str) -> None:
    """The subject profile names whom it is of."""
    [subject, *_] = workspace.search(find(name).subject).to_dict("records")
    done = run_report("subject_profile", {"subject": subject["id"]}, store=store, user="ana", purpose="training",
                      progress=False)  # fmt: skip
    assert (done.status, done.error) == ("done", None)
    assert subject["caption"] in done.html.read_text(encoding="utf-8")


def test_nothing_is_there_that_no_test_looks_at() -> None:
    """Each folder has its four parts, and only those."""
    assert HOLDINGS
    for name in HOLDINGS:
        folder = find(name).folder
        rest = {path.name for path in folder.iterdir()} - {path.name for path in find(name).examples}
        assert rest == {"holding.yml", "mapping.yml", "profile.yml"}


def test_the_reference_has_a_section_for_each() -> None:
    """As the generator of the reference writes it."""
    page = pages()["holdings.md"]
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        f"## {name}: {find(name).title}" for name in HOLDINGS
    ]
