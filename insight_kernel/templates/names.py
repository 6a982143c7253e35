"""How runs are named: by the second they were asked for, and something nobody can guess."""

import secrets
from datetime import UTC, datetime

RUN_ID = r"^\d{8}t\d{6}-[0-9a-f]{8}$"
"""How ids of runs look; they are names of folders."""


def new_run_id() -> str:
    """Return a new run's id: ids sort by the time they were made.

    Examples
    --------
    >>> import re
    >>> re.match(RUN_ID, new_run_id()) is not None
    True
    """
    return f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}"
