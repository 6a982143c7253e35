"""An answer before it is labelled."""

from dataclasses import dataclass

import pyarrow as pa

from insight_kernel.policy.join import Join


@dataclass(frozen=True)
class Found:
    """Rows, what they were made from, and whether the limit asked for cut something off.

    Of a page that is not the last one, `last` is the entity after which the next begins.
    """

    table: pa.Table
    join: Join
    truncated: bool = False
    last: int | None = None
