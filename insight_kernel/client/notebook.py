"""What a notebook is told about INSIGHT: banners stand above frames, and an expected error is one line."""

from types import TracebackType
from typing import Any

import pandas as pd

from insight_kernel.client.frames import frame_html
from insight_kernel.errors import InsightError


def prepare_notebook() -> None:
    """Prepare the running notebook, if there is one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, frame_html)
        shell.set_custom_exc((InsightError,), _in_one_line)


def _in_one_line(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show what was asked, what was wrong and what to do; `%tb` shows where, to who wants to know."""
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset, exception_only=True)
