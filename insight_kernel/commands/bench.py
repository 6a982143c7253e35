"""`insight bench`: measurements, each against its bar and beside its peer in the same run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from insight_kernel.commands.options import AS_JSON, show

if TYPE_CHECKING:
    from insight_kernel.benchmarks.report import Report


@click.group(invoke_without_command=True)
@click.option(
    "--write-docs", is_flag=True, help="Run all that the assurance page tells of, and write it; some hours."
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/assurance"),
    show_default=True,
    help="Where results are kept; those that are there are used again.",
)
@click.pass_context
def bench(ctx: click.Context, write_docs: bool, results: Path) -> None:
    """Measure against peers, side by side in one run; without a name, list what can be measured."""
    if write_docs:
        from insight_kernel.benchmarks.assurance import write_assurance

        click.echo(write_assurance(Path.cwd(), results.absolute(), lambda text: click.echo(text, err=True)))
    elif ctx.invoked_subcommand is None:
        for name, command in sorted(bench.commands.items()):
            click.echo(f"{name:8} {command.get_short_help_str(limit=100)}")


@bench.command()
@click.option("--statements", default=10_000_000, show_default=True, type=click.IntRange(min=10_000))
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="Keep the generated store here and use it again."
)
@AS_JSON
def policy(statements: int, folder: Path | None, as_json: bool) -> None:
    """Governed questions beside the same questions without labels, on a generated store."""
    from insight_kernel.benchmarks.policy import bench_policy

    _print(bench_policy(statements, folder, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option(
    "--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Logins at each hub."
)
@click.option(
    "--askers",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="Workspaces that ask at once.",
)
@AS_JSON
def hub(rounds: int, askers: int, as_json: bool) -> None:
    """Login to the first governed answer beside a plain JupyterHub, and many workspaces asking at once."""
    from insight_kernel.benchmarks.hub import bench_hub

    _print(bench_hub(rounds, askers, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option("--values", default=200_000, show_default=True, type=click.IntRange(min=100))
@AS_JSON
def load(values: int, as_json: bool) -> None:
    """Values read, cleaned and committed a second on one core, beside followthemoney."""
    from insight_kernel.benchmarks.load import bench_load

    _print(bench_load(values), as_json)


@bench.command()
@click.option("--statements", default=1_000_000, show_default=True, type=click.IntRange(min=10_000))
@click.option(
    "--removed", default=100_000, show_default=True, type=click.IntRange(min=100), help="Values to purge."
)
@AS_JSON
def release(statements: int, removed: int, as_json: bool) -> None:
    """Decisions over large joins, rising labels, and what readers notice of a purge."""
    from insight_kernel.benchmarks.release import bench_release

    _print(bench_release(statements, removed, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option("--entries", default=40_000, show_default=True, type=click.IntRange(min=100))
@click.option("--reads", default=4_000, show_default=True, type=click.IntRange(min=50))
@AS_JSON
def audit(entries: int, reads: int, as_json: bool) -> None:
    """Entries a second of the audit log beside one flush each, and audited reads through a gateway."""
    from insight_kernel.benchmarks.audit import bench_audit

    _print(bench_audit(entries, reads, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option(
    "--pairs", default=2_000, show_default=True, type=click.IntRange(min=2), help="Of each request."
)
@AS_JSON
def leaks(pairs: int, as_json: bool) -> None:
    """Time and size of answers about what is hidden beside what never was, asked in turns."""
    from insight_kernel.benchmarks.leaks import bench_leaks

    _print(bench_leaks(pairs, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option(
    "--rounds", default=20, show_default=True, type=click.IntRange(min=1), help="Starts of each kind."
)
@AS_JSON
def sandbox(rounds: int, as_json: bool) -> None:
    """What a sandbox adds to starting a program, and how soon a kernel in one answers; needs root."""
    from insight_kernel.benchmarks.sandbox import bench_sandbox

    _print(bench_sandbox(rounds, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option(
    "--rounds", default=10, show_default=True, type=click.IntRange(min=1), help="How often it is killed."
)
@AS_JSON
def recovery(rounds: int, as_json: bool) -> None:
    """Seconds until a gateway answers again after kill -9, and answers its log does not hold."""
    from insight_kernel.benchmarks.recovery import bench_recovery

    _print(bench_recovery(rounds, lambda text: click.echo(text, err=True)), as_json)


@bench.command()
@click.option(
    "--rows", default=1_000_000, show_default=True, type=click.IntRange(min=1_000), help="Of a table."
)
@click.option(
    "--files", default=1_000, show_default=True, type=click.IntRange(min=10), help="Mixed documents."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@AS_JSON
def intake(rows: int, files: int, rounds: int, as_json: bool) -> None:
    """A table mapped and cleaned, documents read apart, and memory over many rows, each beside a peer."""
    from insight_kernel.benchmarks.intake import bench_intake

    _print(bench_intake(rows, files, rounds, lambda text: click.echo(text, err=True)), as_json)


def _print(report: "Report", as_json: bool) -> None:
    show(as_json, report.as_dict(), report.text())
