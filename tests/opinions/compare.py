"""Three opinions on the same questions: the decision, the rows a store shows, and the rules in Cedar.

`python -m tests.opinions.compare [--cases N] [--seed N] [--json]` prints how often they were asked, how often they
disagreed and how often each reason was given; exit code 1 when they disagreed.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from insight_kernel.model.label import read_label
from insight_kernel.model.organisation import Organisation, OrganisationEntry
from insight_kernel.model.subject import Ask, read_ask, read_subject
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.decide import decide
from insight_kernel.store.opened import Store
from tests.opinions import cases
from tests.opinions.cases import Cases, Plain
from tests.opinions.cedar import ORDER, Twin
from tests.store.labelled import labelled, numbers_in

SEED = 20261122
CASES = 10_000
_KNOWN = Known(Organisation(organisations={"X-ACMEBANK": OrganisationEntry(name="Acme")}))
_SHOWN = 5


@dataclass(frozen=True)
class Compared:
    """How many cases were decided three times, how many not alike, and how often each reason was given."""

    seed: int
    cases: int
    disagreements: int
    shares: dict[str, float]
    examples: tuple[str, ...]


def compare(number: int, seed: int, folder: Path) -> Compared:
    """Ask all three about so many cases; reasons are compared where both sides give one."""
    made, twin = cases.make(number, seed), Twin()
    reasons: Counter[str] = Counter()
    differing: list[str] = []
    with labelled(folder / "store", made.labels) as store:
        for reader in made.readers:
            questions = made.questions(reader)
            decided = [_decided(question) for question in questions]
            written, shown = twin.reasons(questions), _shown(store, reader, made)
            reasons.update(str(reason) for reason in decided)
            for at, (here, there) in enumerate(zip(decided, written, strict=True)):
                if here != there or (here is None) != (at in shown):
                    said = {"decide": here, "Cedar": there, "store shows": at in shown}
                    differing.append(json.dumps({**said, **questions[at]}))
    total = len(made.labels) * len(made.readers)
    shares = {reason: round(reasons[reason] / total, 4) for reason in ("None", *ORDER)}
    return Compared(seed, total, len(differing), shares, tuple(differing[:_SHOWN]))


def _decided(question: Plain) -> str | None:
    return decide(read_subject(question["subject"]), read_label(question["label"]), _ask(question)).reason


def _ask(question: Plain) -> Ask:
    return replace(read_ask(question), recipient=question.get("recipient"))


def _shown(store: Store, reader: Plain, made: Cases) -> set[int]:
    """Return the numbers of the labels whose values a store shows this reader."""
    with store.window(read_subject(reader["subject"]), _ask(reader), _KNOWN, 1) as window:
        existing = window.existing(range(len(made.labels)), sensitive=True)
        return numbers_in(window.statements(existing, sensitive=True))


def main(words: Sequence[str] | None = None) -> int:
    """Compare, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.opinions.compare", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="one object")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        found = compare(asked.cases, asked.seed, Path(folder))
    lines = [f"{name}: {value}" for name, value in asdict(found).items()]
    sys.stdout.write((json.dumps(asdict(found)) if asked.json else "\n".join(lines)) + "\n")
    return 1 if found.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
