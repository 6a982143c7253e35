"""Holdings that need special care: how their values are labelled, and what telephones tell of each other."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import networkx as nx
import pytest

from insight_kernel.intake.clean import Cleaner, RejectedError, Row
from insight_kernel.intake.holdings.shipped import find
from insight_kernel.intake.items import Entity, Item
from insight_kernel.model.ids import entity_hasher
from insight_kernel.model.schema import vocabulary
from tests.intake.holdings.test_holdings import mapping_of, profile_of


def items(name: str, pattern: str = "*") -> Iterator[Item]:
    """Yield the items of an example's files that could be made."""
    for path in find(name).examples:
        if path.match(pattern):
            yield from (item for item in mapping_of(find(name)).items(path) if isinstance(item, Item))


def statements(name: str) -> Iterator[list[Row]]:
    """Yield the statements of each record of an example that is taken."""
    cleaner = Cleaner(vocabulary(), profile_of(find(name)), entity_hasher(b"k" * 32), date(2026, 11, 22))
    for item in items(name):
        with suppress(RejectedError):
            yield cleaner.record_rows(item.entities, item.label)


def test_a_partner_keeps_its_limits_on_every_value() -> None:
    """One recipient, its consent to whatever goes further, a day of deletion that no record puts off."""
    labels = {row.label for rows in statements("private-partner") for row in rows}
    assert {(label.owner, label.only, label.handling) for label in labels} == {
        ("X-ACMEBANK", frozenset({"FR"}), frozenset({"H2"}))
    }
    assert all(label.purposes <= {"investigate", "network", "training", "oversight"} for label in labels)
    assert {label.expires for label in labels} == {date(2030, month, 1) for month in (3, 6, 9, 12)}


def test_a_hash_list_says_nothing_of_a_picture_but_its_hashes() -> None:
    """No name of a file, no text, nobody pictured; an entry that is more than restricted says so."""
    rows = [row for found in statements("hash-lists") for row in found]
    of_pictures = {row.prop for row in rows if row.type == "Image"}
    assert of_pictures == {"title", "name", "fileSize", "mimeType", "modifiedAt", "country", "keywords"}
    assert not {row.type for row in rows} & {"Person", "LegalEntity"}
    assert {row.label.level for row in rows} == {"restricted", "confidential"}


def test_a_lost_passport_of_a_child_protects_the_child() -> None:
    """Every value of the record asks for the permit; of grown-ups none does."""
    kinds = [{row.label.special for row in rows} for rows in statements("travel-documents")]
    assert kinds.count({frozenset({"minor"})}) == 2
    assert kinds.count({frozenset()}) == len(kinds) - 2


def test_what_tells_of_origin_in_a_sketch_needs_a_permit() -> None:
    """The appearance group is sensitive; no other trait is."""
    rows = [row for found in statements("composite-sketches") for row in found]
    assert {row.prop for row in rows if "sensitive" in row.label.special} == {"ethnicity"}


def test_a_vehicle_that_was_found_is_sought_no_more() -> None:
    """Its alert is withdrawn; one that nobody checked yet is pending, and only a published one counts."""
    states = {
        (said.get("status"), "recoveryDate" in said)
        for rows in statements("stolen-vehicles")
        if (said := {row.prop: row.value for row in rows if row.type == "ObjectAlert"})
    }
    assert states >= {("published", False), ("pending", False), ("withdrawn", True)}
    assert {state for state, found in states if found} == {"withdrawn"}


def network(*patterns: str) -> nx.Graph:
    """Return who and what hangs together in the contents of telephones: references between entities, as lines."""
    graph: nx.Graph = nx.Graph()
    for pattern in patterns:
        for item in items("phone-extraction", pattern):
            graph.add_edges_from((entity.id, key) for entity in item.entities for key in _references(entity))
            graph.add_nodes_from(
                (entity.id, {"schema": entity.schema}) for entity in item.entities if entity.properties
            )
    return graph


def _references(entity: Entity) -> Iterator[str]:
    properties = vocabulary().get(entity.schema).properties
    for name, values in entity.properties.items():
        if properties[name].type == "entity":
            yield from values


def of(graph: nx.Graph, schema: str) -> set[str]:
    """Return the nodes of a schema."""
    return {node for node, found in graph.nodes(data="schema") if found == schema}


def test_telephones_of_two_formats_become_one_network() -> None:
    """Workbook and report of another tool: who was called from both telephones is one number, one account."""
    one, other = network("*.xlsx"), network("*.xml")
    both = network("*.xlsx", "*.xml")
    assert len(of(both, "Device")) == 2
    assert len(of(one, "PhoneNumber") & of(other, "PhoneNumber")) == 5
    assert of(one, "UserAccount") & of(other, "UserAccount")
    assert nx.is_connected(both)


@pytest.mark.parametrize("pattern", ["*.xlsx", "*.xml"])
def test_a_telephone_holds_all_that_analysts_ask_for(pattern: str) -> None:
    """Its owner, cards, contacts, calls, accounts, and conversations with those who took part."""
    graph = network(pattern)
    for schema in ("Device", "Person", "PhoneNumber", "PhoneUse", "SimUse", "DeviceUse", "Call", "UserAccount",
                   "Conversation", "Message", "Associate"):  # fmt: skip
        assert of(graph, schema), schema
    for call in of(graph, "Call"):
        assert graph.degree(call) == 2
    for talk in of(graph, "Conversation"):
        assert of(graph.subgraph(graph[talk]), "UserAccount")
        assert of(graph.subgraph(graph[talk]), "Message")
