"""Intake beside its peers: a table mapped and cleaned, files read apart, memory over a million rows."""

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml
from stdnum import iban

from insight_kernel.benchmarks.load import one_core, staged_whole
from insight_kernel.benchmarks.measure import MET, Spread, seconds, spread
from insight_kernel.benchmarks.mixed import write_mixed
from insight_kernel.benchmarks.report import Report
from insight_kernel.intake.reading.apart import read_all
from insight_kernel.intake.reading.file import read_bytes

VALUES_A_SECOND, TIMES_THE_PEER, APART, GROWTH = 50_000, 10.0, 1.25, 1.5
"""Bars: cleaned values a second, times the peer's rate, time of reading apart over reading in a loop, and memory of
ten times the rows over that of the rows."""
_PROFILE = "source: bench\nperson_status: unassessed\nlabel: {owner: FR, purposes: [network]}\n"
_MAPPING: dict[str, Any] = {"csv_url": "people.csv", "entities": {
    "person": {"schema": "Person", "key": "Number", "properties": {
        "name": {"columns": ["First", "Name"], "join": " "}, "birthDate": {"column": "Born", "format": "%d/%m/%Y"},
        "phone": {"column": "Phone"}, "nationality": {"column": "Nationality"},
        "passportNumber": {"column": "Passport"}, "modifiedAt": {"column": "Seen"}, "address": {"column": "Town"}}},
    "account": {"schema": "BankAccount", "key": "Iban", "properties": {
        "iban": {"column": "Iban"}, "country": {"column": "Nationality"}}},
    "owns": {"schema": "Ownership", "key": ["Number", "Iban"], "properties": {
        "owner": {"entity": "person"}, "asset": {"entity": "account"}}},
}}  # fmt: skip
_COLUMNS = ("Number", "Name", "First", "Born", "Phone", "Nationality", "Iban", "Passport", "Seen", "Town")
_VALUES_A_ROW = 11
_PEAK = """
import resource, sys
from pathlib import Path
from insight_kernel.benchmarks.intake import staged
staged(Path(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass(frozen=True)
class Beside:
    """What was measured of ours and of a peer, and how they compare; no figures mean that the peer is absent."""

    what: str
    unit: str
    ours: Spread
    peer: str
    theirs: Spread | None
    ratio: float | None
    bar: str
    met: bool | None

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        theirs = "absent" if self.theirs is None else f"{self.theirs.median:,.0f}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (
            self.what,
            f"{self.ours.median:,.0f} {self.unit}",
            self.peer,
            theirs,
            ratio,
            self.bar,
            MET[self.met],
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return asdict(self)


def bench_intake(rows: int, files: int, rounds: int, say: Callable[[str], object]) -> Report:
    """Measure a table of so many rows, so many mixed files, and memory at a tenth of the rows beside all of them."""
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        folder = Path(temporary)
        (folder / "profile.yml").write_text(_PROFILE, encoding="utf-8")
        (folder / "mapping.yml").write_text(
            yaml.safe_dump({"people": {"queries": [_MAPPING]}}), encoding="utf-8"
        )
        say(f"a table of {rows // 10:,} rows, {rounds} rounds")
        with one_core() as core:
            structured = _structured(folder, rows // 10, rounds)
        say(f"{files:,} mixed files")
        documents = list(_documents(folder, files, rounds))
        say(f"memory at {rows // 10:,} and {rows:,} rows")
        found = [*structured, *documents, _memory(folder, rows)]
        facts: dict[str, object] = {"rows": rows // 10, "values a row": _VALUES_A_ROW, "files": files, "rounds": rounds,
                                    "the table is pinned to core": core}  # fmt: skip
        return Report("intake", facts, [], beside=found)


def staged(table: Path, folder: Path) -> None:
    """Read, map, clean, label and stage a table as a load does."""
    with tempfile.TemporaryDirectory(dir=folder) as staging:
        staged_whole(
            table, folder / "profile.yml", Path(staging) / "0", key=bytes(32), mapping=folder / "mapping.yml"
        )


def write_people(path: Path, rows: int) -> None:
    """Write people with an account each, in the forms of a national system; nothing in it is real."""
    chance = Random(1)  # noqa: S311  (numbers of a table, not secrets)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(_COLUMNS)
        out.writerows(_person(chance, number) for number in range(rows))


def _person(chance: Random, number: int) -> tuple[object, ...]:
    born, seen = (
        date(1950, 1, 1).toordinal() + chance.randrange(18_000),
        date(2025, 1, 1).toordinal() + chance.randrange(300),
    )
    account = f"{chance.randrange(10**18):018d}"
    return (f"P{number:07d}", f"Sample{chance.randrange(9_999)}", chance.choice(("Lena", "Omar", "Ana", "Ivan")),
            date.fromordinal(born).strftime("%d/%m/%Y"), f"+49 30 {chance.randrange(1_000_000, 9_999_999)}",
            chance.choice(("Deutschland", "FR", "ITA", "Morocco", "ukraine")),
            f"DE{iban.calc_check_digits(f'DE00{account}')}{account}", f"C{chance.randrange(10**7, 10**8)}",
            f"{date.fromordinal(seen)} {chance.randrange(24):02d}:{chance.randrange(60):02d}", "Berlin")  # fmt: skip


def _structured(folder: Path, rows: int, rounds: int) -> list[Beside]:
    table = folder / "people.csv"
    write_people(table, rows)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(rows * _VALUES_A_ROW / _cpu(lambda: staged(table, folder)))
        if (peer := _followthemoney(table)) is not None:
            theirs.append(rows * _VALUES_A_ROW / peer)
    rate, other = spread(ours), spread(theirs) if theirs else None
    ratio = rate.median / other.median if other else None
    what, unit = "a table: read, map, clean, label, stage", "values/s of CPU"
    return [Beside(what, unit, rate, "none", None, None, f">= {VALUES_A_SECOND:,}", rate.median >= VALUES_A_SECOND),
            Beside("the same beside building and cleaning alone", unit, rate, "followthemoney", other, ratio,
                   f">= {TIMES_THE_PEER:g} times", None if ratio is None else ratio >= TIMES_THE_PEER)]  # fmt: skip


def _followthemoney(table: Path) -> float | None:
    """Return CPU seconds in which followthemoney makes the same entities, or None without it."""
    try:
        from followthemoney import model
    except ImportError:
        return None
    query = {**_MAPPING, "csv_url": table.as_uri()}
    return _cpu(lambda: [entity.to_dict() for entity in model.map_entities(query)])


def _documents(folder: Path, files: int, rounds: int) -> Iterator[Beside]:
    place = folder / "files"
    place.mkdir()
    paths = write_mixed(place, files)
    loops, ones, twos = [], [], []
    for _ in range(rounds):  # in turns, so that whatever else the machine does meets all of them
        loops.append(files / seconds(lambda: [read_bytes(path.name, path.read_bytes()) for path in paths]))
        ones.append(files / seconds(lambda: list(read_all(paths))))
        twos.append(files / seconds(lambda: list(read_all(paths, workers=2))))
    loop, one, two = spread(loops), spread(ones), spread(twos)
    slower = loop.median / one.median
    yield Beside("files, each in a confined process", "files/s", one, "the same readers in a loop", loop, slower,
                 f"<= {APART} times as long", slower <= APART)  # fmt: skip
    yield Beside(
        "files, two at a time",
        "files/s",
        two,
        "the same readers in a loop",
        loop,
        two.median / loop.median,
        "",
        None,
    )


def _memory(folder: Path, rows: int) -> Beside:
    peaks = []
    for count in (rows // 10, rows):
        write_people(folder / "people.csv", count)
        command = [sys.executable, "-c", _PEAK, str(folder / "people.csv"), str(folder)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        peaks.append(int(said) / 1024)
    grown = peaks[1] / peaks[0]
    return Beside("memory of ten times the rows", "MiB", spread(peaks[1:]), "of the rows", spread(peaks[:1]), grown,
                  f"<= {GROWTH} times", grown <= GROWTH)  # fmt: skip


def _cpu(done: Callable[[], object]) -> float:
    begun = time.process_time()
    done()
    return time.process_time() - begun
