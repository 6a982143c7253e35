"""Checking a log with all that vouches for it, from files alone: entries, keys, checkpoints, witnesses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from insight_kernel.audit.chain import Chain, read_chain
from insight_kernel.audit.checkpoint import FILE, Checkpoint, read_lines
from insight_kernel.audit.checkpoints import EVERY
from insight_kernel.audit.keys import PublicKey, public_keys, trusted
from insight_kernel.audit.standing import Line, checkpoint_faults, contradiction, good_ones
from insight_kernel.audit.witness import Seen, read_witness_file

LOG = "log.jsonl"
_MISSED = 10 * EVERY  # entries without a checkpoint, far more than a slow disk explains


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes
    ----------
    log, chain
        The log's id, empty before its first checkpoint, and what its bytes hold.
    checkpoints, last_good
        How many there are, and the last one that entries and signatures bear out.
    fault
        The first bad entry or checkpoint; None when all is whole.
    witnesses
        By file, up to which entry that witness countersigned.
    """

    log: str
    chain: Chain
    checkpoints: int
    last_good: Checkpoint | None
    fault: str | None
    witnesses: Mapping[str, int]

    @property
    def unvouched(self) -> int:
        """Return how many entries no checkpoint counts yet."""
        return self.chain.number - (self.last_good.count if self.last_good else 0)


def verify(folder: Path, witnesses: Sequence[Path] = ()) -> Verdict:
    """Check the log in a folder with its checkpoints, and with copies of witnesses' files."""
    listed = public_keys(folder)
    keys, lines = trusted(listed), list(read_lines(folder / FILE))
    seen = dict(zip(_names(witnesses), map(list, map(read_witness_file, witnesses)), strict=True))
    chain = read_chain(folder / LOG, _counts(lines, seen))
    faults, good = list(checkpoint_faults(chain, lines, keys)), good_ones(chain, lines, keys)
    found = [
        *_of_chain(chain),
        *(
            f"key {key.name} was not introduced by the one before it"
            for key in listed
            if key.name not in keys
        ),
        *(fault for _, fault in faults),
        *_of_witnesses(chain, seen, keys, {each for _, each in lines if isinstance(each, Checkpoint)}),
        *_missing(chain, [each.count for each in good], keys),
    ]
    counted = {name: _counted(each) for name, each in seen.items()}
    log, last = listed[0].log if listed else "", good[-1] if good else None
    return Verdict(log, chain, len(lines), last, found[0] if found else None, counted)


def _names(witnesses: Sequence[Path]) -> list[str]:
    """Return what each file is called in what is said of it: its name, or its path where two have one name."""
    names = [path.name for path in witnesses]
    return [str(path) if names.count(path.name) > 1 else path.name for path in witnesses]


def _counted(found: list[tuple[int, Seen | None]]) -> int:
    return max((each.checkpoint.count for _, each in found if each and not each.refused), default=0)


def _of_chain(chain: Chain) -> Iterator[str]:
    if chain.fault or chain.torn:
        yield chain.fault or f"torn: {chain.torn} bytes after entry {chain.number}"


def _counts(lines: list[Line], seen: Mapping[str, list[tuple[int, Seen | None]]]) -> set[int]:
    own = {each.count for _, each in lines if isinstance(each, Checkpoint)}
    return own | {each.checkpoint.count for found in seen.values() for _, each in found if each}


def _of_witnesses(
    chain: Chain, seen: Mapping[str, list[tuple[int, Seen | None]]], keys: Mapping[str, PublicKey],
    own: set[Checkpoint],
) -> Iterator[str]:  # fmt: skip
    for name, found in seen.items():
        for number, each in found:
            named = f"line {number} of {name}"
            if each is None or not each.is_good():
                yield f"{named} was changed: its signature is wrong"
            elif fault := each.checkpoint.fault(keys):
                yield f"the checkpoint in {named} {fault}"
            elif fault := contradiction(chain, named, each.checkpoint):
                yield fault
            elif each.checkpoint not in own:
                yield f"the checkpoint of {each.checkpoint.count} entries, in {named}, is missing"


def _missing(chain: Chain, counts: list[int], keys: Mapping[str, PublicKey]) -> Iterator[str]:
    """Yield places where a checkpoint should be; a log that never had a key is older than checkpoints."""
    for before, after in pairwise([0, *counts, chain.number] if keys else []):
        if after - before > _MISSED:
            yield f"a checkpoint is missing between entries {before} and {after}"
