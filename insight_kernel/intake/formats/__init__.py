"""Formats of exchange: each is read into items and written from them, and says what it cannot carry."""

from pathlib import Path

from insight_kernel.intake.formats.ftm import read_ftm, write_ftm
from insight_kernel.intake.formats.graphs import read_gexf, read_graphml, write_gexf, write_graphml
from insight_kernel.intake.formats.sheets import is_csv, is_xlsx, read_csv, read_xlsx, write_csv, write_xlsx
from insight_kernel.intake.formats.stix import is_stix, read_stix, write_stix
from insight_kernel.intake.formats.terms import Format
from insight_kernel.intake.formats.umf import is_umf, read_umf, write_umf

FORMATS = {
    found.name: found for found in (
        Format("ftm", "FollowTheMoney lines", (".ftm.jsonl", ".ftm.json"), read_ftm, write_ftm, (".jsonl", ".json")),
        Format("stix", "STIX 2.1 bundle", (".stix.json",), read_stix, write_stix, (".json",), is_stix),
        Format("umf", "UMF-shaped message in XML", (".umf.xml",), read_umf, write_umf, (".xml",), is_umf),
        Format("graphml", "GraphML", (".graphml",), read_graphml, write_graphml),
        Format("gexf", "GEXF", (".gexf",), read_gexf, write_gexf),
        Format("csv", "Table of comma-separated values", (), read_csv, write_csv, (".csv",), is_csv),
        Format("xlsx", "Workbook, a sheet for each schema", (), read_xlsx, write_xlsx, (".xlsx",), is_xlsx),
    )
}  # fmt: skip
"""The formats by name, as `insight export` and `insight load` know them."""


def format_of(path: Path) -> Format | None:
    """Return the format of a file, by its name and, where that may mean several things, by its content.

    Examples
    --------
    >>> [found and found.name for found in map(format_of, [Path("a.graphml"), Path("b.ftm.json"), Path("c.pdf")])]
    ['graphml', 'ftm', None]
    """
    formats = [*reversed(FORMATS.values())]  # lines of JSON may be anything, and are tried last
    for found in formats:
        if path.name.endswith(found.endings):
            return found
    return next((found for found in formats if path.name.endswith(found.perhaps) and found.fits(path)), None)
