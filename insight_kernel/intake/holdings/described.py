"""A shipped holding as people read it: which column becomes what, its label, and what becomes of its faults."""

from collections.abc import Iterable, Iterator
from textwrap import fill

import yaml

from insight_kernel.intake.holdings.shipped import Fault, Holding
from insight_kernel.intake.mapping.declared import Declared
from insight_kernel.intake.mapping.reading import read_declared
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.model.schema import vocabulary

_PARTS = {"filters": "chooses the query", "required": "must be filled", "zone": "checked"}


def columns_of(holding: Holding) -> dict[str, list[str]]:
    """Return what each column of a holding becomes, in the order in which its mapping names them.

    Examples
    --------
    >>> from insight_kernel.intake.holdings.shipped import find
    >>> columns_of(find("nominal"))["Familienname"]
    ['Person.name', 'Person.lastName']
    """
    found: dict[str, list[str]] = {}
    for column, becomes in _told(read_declared(holding.folder / "mapping.yml", vocabulary())):
        if becomes not in found.setdefault(column, []):
            found[column].append(becomes)
    return found


def _told(declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield each column that is looked at with what it becomes."""
    for query in declared.queries:
        for place, column in query.needed():
            name, _, part = place.partition(".")
            schema = query.entities[name].schema if name in query.entities else ""
            yield (
                column,
                f"{schema}.{part}"
                if part not in ("key", "")
                else (f"key of {schema}" if part else _PARTS[name]),
            )
    for place, column in declared.needed(()):
        yield column, _PARTS.get(place, place)


def section(holding: Holding) -> str:
    """Return the section of a holding in the reference."""
    profile = read_yaml((holding.folder / "profile.yml").read_text(encoding="utf-8"))
    label = yaml.safe_dump(profile, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    files = ", ".join(f"`{path.name}`" for path in holding.examples)
    unused = {column: [f"left aside: {why}"] for column, why in holding.unused.items()}
    columns = [(column, "; ".join(becomes)) for column, becomes in {**columns_of(holding), **unused}.items()]
    faults = [(f"{fault.file} {fault.place}".strip(), fault.why, outcome(fault)) for fault in holding.faults]
    return "\n\n".join(
        [
            f"## {holding.name}: {holding.title}",
            fill(holding.about, 120),
            f"Example: {files}, 200 records. `insight load FILE --mapping {holding.name} --label {holding.name}`",
            _table(("Column", "Becomes"), columns),
            f"```yaml\n{label}```",
            _table(("Fault in the example", "What is wrong", "What becomes of it"), faults),
        ]
    )


def outcome(fault: Fault) -> str:
    """Return in words what becomes of a fault.

    Examples
    --------
    >>> outcome(Fault("row 3", "kept", "No day.", "birthDate"))
    '`birthDate` kept as delivered, not read'
    """
    if fault.becomes == "quarantined":
        return f"quarantined: `{f'{fault.field}: ' if fault.field else ''}{fault.rule}`"
    return f"`{fault.field}` kept as delivered, not read" if fault.becomes == "kept" else "there already"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
