"""`insight doctor`: what this machine has for the profile `governed`, what it lacks, and what mends it."""

import click

from insight_kernel.commands.options import AS_JSON, show


@click.command()
@AS_JSON
def doctor(as_json: bool) -> None:
    """Check this machine; say what is missing, which protection goes with it, and what mends it."""
    from insight_kernel.sandbox.machine import lacks
    from insight_kernel.versions import outdated

    found = lacks()
    needed = [str(lack) for lack in found if lack.needed] + outdated()
    wanted = [str(lack) for lack in found if not lack.needed]
    lines = [*(f"missing  {text}" for text in needed), *(f"weaker   {text}" for text in wanted)]
    verdict = (
        "The profile governed refuses to start here." if needed else "The profile governed can run here."
    )
    body = {"governed": not needed, "missing": needed, "weaker": wanted}
    show(as_json, body, "\n".join([*lines, verdict]))
    click.get_current_context().exit(1 if needed else 0)
