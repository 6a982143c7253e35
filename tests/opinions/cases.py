"""Plain questions of every kind: labels and readers as somebody might write them, right, odd and wrong.

A reader is all of a question but the label. Most fields are right most of the time, so that every rule is reached.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]
CODES = ("FR", "MA", "JP", "GB", "X-ACMEBANK")
PURPOSES = ("network", "investigate", "warn", "victim")
SPECIAL = ("sensitive", "victim", "minor", "witness")
LEVELS = ("official", "restricted", "confidential")
FILES = ("OP-A", "OP-B")
SOON = ("2026-11-20", "2026-11-21", "2026-11-22", "2028-02-29")
LATER = ("2031-01-01", "9999-12-31", "2030-06-30", "2031-12-01", "2032-02-29")
TODAY = ("2026-11-21", "2026-11-21", "2026-11-20", "2027-12-31")
WRONG_CODES = ("fr", "Fr", "F", "FRА", "ＦＲ", "FR ", " FR", "F R", "FR\n", "", "A" * 33, "1FR")
"""Small letters, one letter, a Cyrillic letter, wide letters, spaces, a line's end, too long, a digit first."""
WRONG_DAYS = ("2026-13-01", "2027-02-29", "2026-1-1", "20310101", "2031-W01-1", "2031-01-01T00:00", "٢٠٣١-٠١-٠١",
              "soon", "", "0000-01-01", "2031-01-01 ")  # fmt: skip
WRONG_TYPES: tuple[Any, ...] = (None, 7, 1.5, True, {}, {"FR": 1}, [[]], [None], [7], ["FR", None])
WRONG_WORDS = ("Official", "restricted ", "secret", "оfficial", "")
NOT_LISTS: tuple[Any, ...] = ("FR", "network", "", None, 7, True, {}, {"FR": 1}, [None], [7], [["FR"]], [""])


@dataclass(frozen=True)
class Cases:
    """Labels and readers; every reader asks for every label."""

    labels: Sequence[Any]
    readers: Sequence[Plain]

    def questions(self, reader: Plain) -> list[Plain]:
        """Return what one reader asks."""
        return [{**reader, "label": label} for label in self.labels]


def make(number: int, seed: int) -> Cases:
    """Return at least so many cases; a fifth of the labels can be read by nobody."""
    chance = random.Random(seed)
    labels = min(200, number)
    return Cases(
        [_label(chance) for _ in range(labels)], [_reader(chance) for _ in range(-(-number // labels))]
    )


def _label(chance: random.Random) -> Any:
    label: Plain = {
        "owner": chance.choice(CODES),
        "purposes": chance.choice([PURPOSES, PURPOSES[:3], PURPOSES[:2], PURPOSES[1:]]),
        "expires": chance.choice(SOON if chance.random() < 0.2 else LATER),
    }
    optional = {
        "level": (0.6, chance.choice(LEVELS)),
        "only": (0.25, _some(chance, CODES, 0, 4, 5)),
        "excluded": (0.3, _some(chance, CODES, 0, 1, 2)),
        "files": (0.3, _some(chance, FILES, 0, 1, 2)),
        "handling": (0.5, _some(chance, ("H1", "H2"), 0, 1, 2)),
        "consent": (0.2, _some(chance, CODES, 0, 1, 2)),
        "special": (0.35, _some(chance, SPECIAL, 0, 1, 1, 2)),
        "existence": (0.2, chance.choice(["hidden", "contact-owner"])),
        "conditions": (0.2, chance.choice(["ask first", "", "hors procédure"])),
    }
    label |= {field: value for field, (share, value) in optional.items() if chance.random() < share}
    label = {field: list(value) if isinstance(value, tuple) else value for field, value in label.items()}
    return _spoilt_label(chance, label) if chance.random() < 0.2 else label


def _spoilt_label(chance: random.Random, label: Plain) -> Any:
    """Return the label with one thing wrong, or what is no label at all."""
    field = chance.choice(["owner", "level", "only", "excluded", "purposes", "files", "expires", "handling",
                           "conditions", "consent", "special", "existence", "whole", "unknown", "absent",
                           "H3"])  # fmt: skip
    if field == "whole":
        return chance.choice([None, 7, "FR", [], [label], True])
    if field == "absent":
        absent = chance.choice(["owner", "purposes", "expires"])
        return {name: value for name, value in label.items() if name != absent}
    if field == "unknown":
        return {**label, chance.choice(["Owner", "level ", "x", "оwner"]): "FR"}
    if field == "H3":
        without = {name: value for name, value in label.items() if name != "conditions"}
        return {
            **without,
            "handling": ["H1", "H3"],
            **chance.choice([{}, {"conditions": " "}, {"conditions": ""}]),
        }
    return {**label, field: chance.choice(_wrong(field))}


def _wrong(field: str) -> Sequence[Any]:
    if field == "owner":
        return (*WRONG_TYPES, *WRONG_CODES, ["FR"])
    if field == "expires":
        return (*WRONG_TYPES, *WRONG_DAYS, 20310101)
    if field in ("level", "existence"):
        return (*WRONG_TYPES, *WRONG_WORDS)
    if field == "conditions":
        return (None, 7, ["text"], {}, True)
    codes = field in ("only", "excluded", "consent")
    words = (
        [["FR", code] for code in WRONG_CODES]
        if codes
        else [["H4"], ["h1"], ["victims"], ["gossip", "network"]]
    )
    empty = [[]] if field == "purposes" else []
    return (*NOT_LISTS, *empty, *words) if field != "files" else NOT_LISTS


def _reader(chance: random.Random) -> Plain:
    subject: Plain = {
        "user": "ben",
        "organisations": _some(chance, CODES, 1, 1, 1, 2),
        "clearance": chance.choice([*LEVELS, "confidential", "confidential"]),
        "purposes": [*PURPOSES] if chance.random() < 0.9 else ["warn", "gossip"],
        "files": _some(chance, FILES, 0, 1, 2, 2),
        "permits": chance.choice([[*SPECIAL], [*SPECIAL], ["sensitive", "victim"], []]),
        "roles": ["analyst"],
    }
    if chance.random() < 0.5:
        subject["organisation"] = subject.pop("organisations")[0]
    reader: Plain = {
        "subject": subject, "purpose": chance.choice(PURPOSES), "necessity": chance.random() < 0.7,
        "day": chance.choice(TODAY),
    }  # fmt: skip
    if chance.random() < 0.5:
        reader["recipient"] = chance.choice(CODES)
    return _spoilt_reader(chance, reader) if chance.random() < 0.25 else reader


def _spoilt_reader(chance: random.Random, reader: Plain) -> Plain:
    """Return the reader with one attribute wrong or missing."""
    subject = reader["subject"]
    field = chance.choice([*subject, *subject, "purpose", "necessity", "day", "subject"])
    if field not in subject:
        wrong = {"purpose": ("gossip", "Network", None, ["network"], "", 7), "necessity": (None, "yes", 1, 0, []),
                 "day": (*WRONG_DAYS, None, 7), "subject": (None, [], "ben", {})}  # fmt: skip
        return {**reader, field: chance.choice(wrong[field])}
    rest = {name: value for name, value in subject.items() if name != field}
    if chance.random() < 0.3:
        return {**reader, "subject": rest}
    if field == "organisation":
        odd: Any = chance.choice([*WRONG_CODES, None, 7, ["FR"]])
    elif field == "organisations":
        odd = chance.choice([*NOT_LISTS, [], ["FR", "fr"], ["FR", "FR"], ["FR", "МА"]])
    elif field == "clearance":
        odd = chance.choice([*WRONG_WORDS, None, 2, ["confidential"]])
    else:
        odd = chance.choice([*NOT_LISTS, [], ["victim", "victim"], ["OP-A", ""]])
    return {**reader, "subject": {**rest, field: odd}}


def _some(chance: random.Random, words: Sequence[str], *sizes: int) -> list[str]:
    return chance.sample(words, chance.choice(sizes))
