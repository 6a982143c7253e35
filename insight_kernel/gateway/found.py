"""An answer before it is labelled."""

from dataclasses import dataclass

import pyarrow as pa

from insight_kernel.policy.join import Join


@dataclass(frozen=True)
class Found:
    """Rows, what they were made from, and whether the limit asked for cut something off."""

    table: pa.Table
    join: Join
    truncated: bool = False
