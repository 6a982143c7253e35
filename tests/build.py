"""Short builders: each makes one valid thing, and a test changes only what it is about."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from insight_kernel.gateway.loading import delivery
from insight_kernel.intake.load import work
from insight_kernel.intake.profile import read_profile
from insight_kernel.model.organisation import Organisation, OrganisationEntry
from insight_kernel.model.schema import vocabulary
from insight_kernel.model.subject import Ask, Subject, read_subject
from insight_kernel.store.commit import Committed
from insight_kernel.store.opened import Store

DAY = date(2026, 11, 21)
ABSENT = object()
"""A value meaning: leave the field out."""


def raw_label(**changes: Any) -> dict[str, Any]:
    """Return a label everybody may see by, as its owner writes it, with some fields changed or left out."""
    usual = {"owner": "FR", "purposes": ["network", "investigate"], "expires": "2031-01-01"}
    return _without_absent({**usual, **changes})


def raw_subject(**changes: Any) -> dict[str, Any]:
    """Return a reader from Rabat who may do everything ordinary."""
    usual = {
        "user": "ben", "organisation": "MA", "clearance": "confidential", "purposes": ["network", "investigate"],
        "files": [], "permits": [], "roles": ["analyst"],
    }  # fmt: skip
    return _without_absent({**usual, **changes})


def subject(**changes: Any) -> Subject:
    """Return that reader, read."""
    return read_subject(raw_subject(**changes))


def ask(purpose: str | None = "network", *, necessity: bool | None = False, day: date | None = DAY,
        recipient: str | None = None) -> Ask:  # fmt: skip
    """Return a request for the purpose `network` on the test's day."""
    return Ask(purpose, necessity, day, recipient)


def people(**groups: list[str]) -> Organisation:
    """Return an organisation file in which countries are known, one bank, and the groups given."""
    return Organisation(organisations={"X-ACMEBANK": OrganisationEntry(name="Acme")}, groups=groups)


def profile(*, source: str | None = None, keys: str | None = None, person_status: str | None = "unassessed",
            kinds: Mapping[str, list[str]] | None = None, title: str | None = None, grade: Any = None,
            **label: Any) -> dict[str, Any]:  # fmt: skip
    """Return a source profile; `kinds` are special kinds by property, other arguments fields of its label."""
    given = {"source": source, "keys": keys, "title": title, "person_status": person_status,
             "special": kinds, "grade": grade}  # fmt: skip
    return {
        **{name: value for name, value in given.items() if value is not None},
        "label": raw_label(**label),
    }


def entity(key: str, schema: str, **properties: str | list[str]) -> dict[str, Any]:
    """Return a FollowTheMoney entity."""
    values = {name: [value] if isinstance(value, str) else value for name, value in properties.items()}
    return {"id": key, "schema": schema, "properties": values}


def write_lines(path: Path, entities: Iterable[Mapping[str, Any]]) -> Path:
    """Write entities as FollowTheMoney lines."""
    path.write_text(
        "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in entities), encoding="utf-8"
    )
    return path


def write_yaml(path: Path, content: object) -> Path:
    """Write a profile, mapping or organisation file."""
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def handed(
    files: Iterable[Path], said: Path, *, mapping: Path | None = None, source: str | None = None
) -> dict[str, Any]:
    """Return a delivery as the gateway's operator hands it over."""
    return {"paths": [str(file) for file in files], "profile": str(said), "source": source,
            "mapping": None if mapping is None else str(mapping)}  # fmt: skip


def deliver(store: Store, entities: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> Committed:
    """Stage and commit a file as the gateway does, but in this process and without an audit log."""
    folder = store.folder / "staging" / uuid4().hex
    folder.mkdir(parents=True)
    lines, path = write_lines(folder / "file.jsonl", entities), write_yaml(folder / "profile.yml", said)
    job = {"deliveries": [handed([lines], path)], "key": store.folder.key.hex(), "day": DAY.isoformat(),
           "staging": str(folder / "staged")}  # fmt: skip
    [event] = [event for event in work(job) if event["event"] != "progress"]
    if event["event"] != "staged" or event["bad"]:
        raise AssertionError(event)
    read = read_profile(path, source=None, today=DAY, vocabulary=vocabulary())
    return store.commit(delivery(event, read, DAY))


def _without_absent(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not ABSENT}
