"""Deciding lines of JSON: the decision without a store, for checks from outside."""

import json
from collections.abc import Iterable, Iterator

from insight_kernel.errors import BadInput
from insight_kernel.model.label import read_label
from insight_kernel.model.subject import read_ask, read_subject
from insight_kernel.policy.decide import decide


def decide_lines(lines: Iterable[str], name: str) -> Iterator[str]:
    """Yield `{"visible": ..., "reason": ...}` for each line; every code counts as an organisation.

    Examples
    --------
    >>> next(decide_lines(['{"subject": {}, "label": {}, "purpose": "network", "day": "2026-11-21"}'], "-"))
    '{"visible": false, "reason": "unreadable-label"}'
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                raw = json.loads(line)
            except (ValueError, RecursionError):
                raw = None
            if not isinstance(raw, dict):
                raise BadInput(f"decide {name}", f"line {number} is not a JSON object", "Mend the line.")
            decision = decide(read_subject(raw.get("subject")), read_label(raw.get("label")), read_ask(raw))
            yield json.dumps({"visible": decision.visible, "reason": decision.reason})
