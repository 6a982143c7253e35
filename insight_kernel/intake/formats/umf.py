"""Messages in XML, shaped after the Universal Message Format: persons, objects, locations, events and connections.

Each element names its source and how it is to be handled. Which elements there are is written in `umf.rng`, with
which a reader of others can check a message too.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from insight_kernel.intake.formats.terms import Head, UnreadableError, item_of
from insight_kernel.intake.formats.xml import NO_PLACE, is_written, kept, parsed, written
from insight_kernel.intake.items import Bad, Entity, Item, Items, Losses, Lost, whole_file
from insight_kernel.model.label import SETS
from insight_kernel.model.schema import vocabulary

NAMESPACE = "urn:insight:umf:1"
SCHEMA = Path(__file__).with_name("umf.rng")
"""The elements of a message, in RELAX NG."""
_SPACE = f"{{{NAMESPACE}}}"
_KINDS = (("Person", "person"), ("LegalEntity", "organisation"), ("Address", "location"), ("Territory", "location"),
          ("Event", "event"))  # fmt: skip
_NO_HEAD = Head()


def kind_of(schema: str) -> str:
    """Return which element an entity of a schema is.

    Examples
    --------
    >>> [kind_of(name) for name in ("Person", "Company", "PlateRead", "Ownership", "Vehicle")]
    ['person', 'organisation', 'event', 'connection', 'object']
    """
    found = vocabulary().schemata.get(schema)
    if found is not None and found.edge:
        return "connection"
    return next((kind for name, kind in _KINDS if found is not None and found.is_a(name)), "object")


def is_umf(path: Path) -> bool:
    """Tell whether a file begins like a message."""
    with path.open("rb") as file:
        return NAMESPACE.encode() in file.read(2_000)


def read_umf(path: Path) -> Items:
    """Yield each element of a message; one that does not follow the schema is a `Bad`, the next ones are read."""
    from lxml import etree

    try:
        root = parsed(path)
    except UnreadableError as error:
        yield whole_file(str(error))
        return
    if root.tag != f"{_SPACE}umf" or root.get("version") != "1":
        yield whole_file("is no message of this format and version")
        return
    rules = etree.RelaxNG(etree.parse(str(SCHEMA)))
    for element in root:
        if element.tag != f"{_SPACE}about":
            place, content = f"line {element.sourceline}", etree.tostring(element, with_tail=False)
            yield (
                _item(element, place, content)
                if rules(element)
                else Bad(place, "", "does not follow the schema of messages (umf.rng)", content)
            )


def write_umf(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:
    """Write one message; what XML cannot hold is left out."""
    from lxml import etree

    lost = Lost()
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{_SPACE}umf", version="1", made=head.day.isoformat(), nsmap={None: NAMESPACE}):
            if head.lines:
                file.write(_about(head), pretty_print=True)
            for item in items:
                for entity in item.entities:
                    if (element := _element(entity, item, lost)) is not None:
                        file.write(element, pretty_print=True)
    return lost.all()


def _about(head: Head) -> Any:
    from lxml import etree

    about = etree.Element(f"{_SPACE}about", nsmap={None: NAMESPACE})
    for word, said in head.lines:
        etree.SubElement(about, f"{_SPACE}line", word=written(word)).text = written(said)
    return about


def _element(entity: Entity, item: Item, lost: Lost) -> Any:
    """Return the element of an entity; None where its id cannot be written."""
    from lxml import etree

    if not is_written(entity.id):
        lost.add("entity", f"{NO_PLACE} in its id")
        return None
    element = etree.Element(
        f"{_SPACE}{kind_of(entity.schema)}", id=entity.id, schema=entity.schema, nsmap={None: NAMESPACE}
    )
    _mark(element, item, lost)
    schema = vocabulary().schemata.get(entity.schema)
    for name, values in entity.properties.items():
        refers = schema is not None and name in schema.properties and schema.properties[name].type == "entity"
        for value in kept(values, f"{entity.schema}.{name}", lost):
            if refers:
                etree.SubElement(element, f"{_SPACE}reference", name=name, to=value)
            else:
                etree.SubElement(element, f"{_SPACE}value", name=name).text = value
    return element


def _mark(element: Any, item: Item, lost: Lost) -> None:
    """Say whose an element is, how it is graded and how it is to be handled."""
    from lxml import etree

    label = dict(item.label or {})
    source = {"owner": label.pop("owner", None), "grade": item.grade}
    if any(source.values()):
        etree.SubElement(element, f"{_SPACE}source", {name: said for name, said in source.items() if said})
    if label:
        said = {name: " ".join(value) if name in SETS else value for name, value in label.items()}
        if not all(map(is_written, said.values())):
            lost.add("label", NO_PLACE)
        etree.SubElement(element, f"{_SPACE}handling", {name: written(value) for name, value in said.items()})


def _item(element: Any, place: str, content: bytes) -> Item | Bad:
    kind = element.tag.removeprefix(_SPACE)
    if kind_of(element.get("schema")) != kind:
        return Bad(place, "schema", f"is no {kind}", content)
    properties: dict[str, list[str]] = {}
    source, handling = element.find(f"{_SPACE}source"), element.find(f"{_SPACE}handling")
    for said in element.iterchildren(f"{_SPACE}value", f"{_SPACE}reference"):
        value = said.get("to") if said.tag == f"{_SPACE}reference" else said.text
        properties.setdefault(said.get("name"), []).append(value or "")
    raw = {"id": element.get("id"), "schema": element.get("schema"), "properties": properties}
    owner, grade = (None, None) if source is None else (source.get("owner"), source.get("grade"))
    return item_of(place, raw, content, label=_label(owner, handling), grade=grade)


def _label(owner: str | None, handling: Any) -> Mapping[str, Any] | None:
    said = {} if handling is None else dict(handling.attrib)
    found: dict[str, Any] = {name: value.split() if name in SETS else value for name, value in said.items()}
    return {"owner": owner, **found} if owner else found or None
