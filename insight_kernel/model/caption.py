"""Caption: the one name an entity is shown by, chosen from the values its reader may see."""

from collections.abc import Iterable, Mapping, Sequence

from insight_kernel.model.schema import Schema


def best_name(values: Iterable[str]) -> str:
    """Return the name to show first: Latin before other scripts, mixed case before capitals, then the longest.

    Examples
    --------
    >>> best_name(["OSETROVA, Maria", "Мария Осетрова", "Maria Osetrova", "M. Osetrova"])
    'Maria Osetrova'
    """
    return min(values, key=_rank)


def _rank(name: str) -> tuple[bool, bool, bool, int, str]:
    shouted = name == name.upper() != name.lower()
    surname_first = "," in name
    return (
        not name.isascii() and not _latin(name),
        shouted or _has_shouted_word(name),
        surname_first,
        -len(name),
        name,
    )


def _latin(name: str) -> bool:
    return all(ord(character) < 0x250 for character in name)


def _has_shouted_word(name: str) -> bool:
    return any(
        len(word) > 2 and word.isalpha() and word == word.upper() != word.lower() for word in name.split()
    )


def caption(schema: Schema, id_: str, values: Mapping[str, Sequence[str]]) -> str:
    """Return the caption from visible values by property; without any, the schema and the start of the id."""
    for name in schema.caption:
        if values.get(name):
            return best_name(values[name])
    return schema.label if schema.edge else f"{schema.label} {id_[:6]}"


def spoken(schema: Schema, caption: str) -> str:
    """Return a link's caption if it is words, else what such a link is called: a bare share says nothing.

    Examples
    --------
    >>> from insight_kernel.model.schema import vocabulary
    >>> spoken(vocabulary().get("Ownership"), "51"), spoken(vocabulary().get("Family"), "mother")
    ('Ownership', 'mother')
    """
    return caption if caption.strip("0123456789.,% ") else schema.label


def most_specific(schemata: Iterable[Schema]) -> Schema:
    """Return the schema that says most; of equals the first by name.

    Examples
    --------
    >>> from insight_kernel.model.schema import vocabulary
    >>> most_specific(map(vocabulary().get, ["LegalEntity", "Person"])).name
    'Person'
    """
    return min(schemata, key=lambda schema: (-len(schema.ancestors), schema.name))
