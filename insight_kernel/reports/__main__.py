"""The runner as a program: a template's name and parameters on standard input, the run on standard output, as JSON."""

import json
import sys

from insight_kernel.errors import InsightError
from insight_kernel.reports.run import run_report


def main() -> None:
    """Run the template named; progress goes to standard error."""
    asked = json.load(sys.stdin)
    try:
        made = run_report(asked["name"], asked["parameters"])
        said = {**made.as_dict(), "html": str(made.html or ""), "notebook": str(made.notebook or "")}
    except InsightError as error:
        said = {"status": "refused", "error": str(error)}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
