"""Requests made up from what the gateway's own description allows, and from what it does not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from insight_kernel.gateway.app import ask_app

Body = Any
MARK = "Xyzzymark"
"""Put before texts, so that one that is repeated is seen."""


def description() -> dict[str, Any]:
    """Return the OpenAPI description of typed requests, which is served to nobody; references resolve in it."""
    text = json.dumps(ask_app(None).openapi())  # type: ignore[arg-type]  # describing needs no store
    told: dict[str, Any] = json.loads(text.replace("#/$defs/", "#/components/schemas/"))
    told["components"] = {"schemas": {}}
    for model in _models(told).values():
        told["components"]["schemas"] |= model.pop("$defs", {})
    return told


def paths() -> list[str]:
    """Return every path described, as the last word of its address."""
    return list(_models(description()))


def requests(known: Mapping[str, Sequence[str]]) -> st.SearchStrategy[tuple[str, Body]]:
    """Return a path and a body: as described, or in some way not; fields named in `known` hold its words."""
    told = description()
    for model in _models(told).values():
        for name, words in known.items():
            _suggest(model["properties"].get(name), words)
    operations = [found.ok() for found in schemathesis.openapi.from_dict(told).get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    made = st.one_of(
        [operation.as_strategy(generation_mode=mode) for operation in operations for mode in modes]
    )
    return made.map(lambda case: (case.path.removeprefix("/v1/"), case.body))


def marked(body: Body) -> Body:
    """Return a body of which every text, and every key of a map within it, begins with the mark."""
    if isinstance(body, str):
        return MARK + body
    if isinstance(body, list):
        return [marked(item) for item in body]
    return {key: marked(value) for key, value in body.items()} if isinstance(body, dict) else body


def _models(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {
        path: one["post"]["requestBody"]["content"]["application/json"] for path, one in told["paths"].items()
    }
    return {path.removeprefix("/v1/"): content["schema"] for path, content in found.items()}


def _suggest(field: dict[str, Any] | None, words: Sequence[str]) -> None:
    """Describe a field, or the items of its list, as one of some words."""
    if field is not None:
        target = field.get("items", field)
        target.clear()
        target["enum"] = list(words)
