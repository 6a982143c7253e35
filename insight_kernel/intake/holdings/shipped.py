"""What lies in the folder of a shipped holding, found by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from insight_kernel.errors import BadInput
from insight_kernel.model.plain_yaml import read_yaml

_HERE = Path(__file__).parent
_SAID = "holding.yml"
BECOMES = ("quarantined", "kept", "duplicate")
"""What may become of a fault: the record waits, the value stays as delivered and unread, or nothing is added."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in an example.

    Attributes
    ----------
    place, field
        Where it stands, as intake names it; the column, or the property of a value that is kept.
    becomes, why
        One of `BECOMES`; what the source did wrong.
    rule
        The rule that is broken, as intake words it, where the record is quarantined.
    file
        The name of the file, where the example has several.
    """

    place: str
    becomes: str
    why: str
    field: str = ""
    rule: str = ""
    file: str = ""


@dataclass(frozen=True)
class Holding:
    """A shipped holding.

    Attributes
    ----------
    title, about
        Its name for people; what it is, who delivers it, what one record is.
    search, finds, subject
        A text that finds something of the example, the caption it finds, a text that finds whom a report is made of.
    faults, unused
        What is wrong in the example; columns that are left aside, with the reason.
    """

    folder: Path
    title: str
    about: str
    search: str
    finds: str
    subject: str
    faults: tuple[Fault, ...]
    unused: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return the name by which it is asked for."""
        return self.folder.name

    @property
    def examples(self) -> tuple[Path, ...]:
        """Return the files of the example."""
        return tuple(sorted(self.folder.glob("example*")))


def names() -> tuple[str, ...]:
    """Return the names of the shipped holdings, in order.

    Examples
    --------
    >>> "nominal" in names()
    True
    """
    return tuple(sorted(path.parent.name for path in _HERE.glob(f"*/{_SAID}")))


def find(name: str) -> Holding:
    """Return the holding of a name.

    Raises
    ------
    BadInput
        When there is none.

    Examples
    --------
    >>> [path.name for path in find("nominal").examples]
    ['example.csv']
    """
    if name not in names():
        near = get_close_matches(name, names(), 1)
        wrong = f"there is none of this name{f' (near: {near[0]})' if near else ''}"
        raise BadInput(f"use the holding {name}", wrong, "See insight holdings.")
    said = read_yaml((_HERE / name / _SAID).read_text(encoding="utf-8"))
    faults = tuple(Fault(**fault) for fault in said["faults"])
    return Holding(
        _HERE / name, said["title"], said["about"].strip(), said["search"]["text"], said["search"]["finds"],
        said["subject"], faults, said.get("unused", {}),
    )  # fmt: skip
