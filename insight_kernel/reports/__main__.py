"""The runner as a program: a template's name and parameters on standard input, as JSON.

On standard output a line of JSON for each cell done, and the run as the last.
"""

import json
import sys

from insight_kernel.errors import InsightError
from insight_kernel.reports.run import run_report


def main() -> None:
    """Run the template named."""
    asked = json.load(sys.stdin)
    try:
        made = run_report(asked["name"], asked["parameters"], progress=_say)
        said = {**made.as_dict(), "html": str(made.html or ""), "notebook": str(made.notebook or "")}
    except InsightError as error:
        said = {"status": "refused", "error": str(error)}
    sys.stdout.write(json.dumps(said))


def _say(cell: int, of: int) -> None:
    sys.stdout.write(json.dumps({"cell": cell, "of": of}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
