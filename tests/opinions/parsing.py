"""What holds for every body the gateway is sent: it is read strictly, or refused without a word of it."""

import json
from typing import get_args

from pydantic_core.core_schema import ErrorType

from insight_kernel.gateway import parsing, requests
from insight_kernel.gateway.parsing import BadRequestError, parse
from insight_kernel.gateway.requests import Question

MODELS: tuple[type[Question], ...] = tuple(
    found for found in vars(requests).values()
    if isinstance(found, type) and issubclass(found, Question) and found is not Question
)  # fmt: skip
FIXED = {
    "a key stands twice",
    "must be JSON in UTF-8",
    "NaN and Infinity are not numbers",
    "nested deeper than 8",
}
RULES = FIXED | set(parsing._RULES.values()) | set(get_args(ErrorType))
"""Every sentence a refusal may say: none of them holds anything that was sent."""


def look(body: bytes, model: type[Question]) -> bool:
    """Parse a body; tell whether it was taken. Anything but a refusal of fixed words is an error."""
    try:
        taken = parse(model, body)
    except BadRequestError as refused:
        _look_at(refused, model)
        return False
    written = json.dumps(taken.model_dump(mode="json", by_alias=True), ensure_ascii=False, allow_nan=False)
    assert parse(model, written.encode()) == taken
    return True


def _look_at(refused: BadRequestError, model: type[Question]) -> None:
    declared = {field.alias or name for name, field in model.model_fields.items()}
    parts = refused.place.split(".")
    assert refused.place == "body" or all(part in declared or part.isdecimal() for part in parts)
    assert refused.rule in RULES
    assert (refused.status, refused.__cause__) == (422, None)
