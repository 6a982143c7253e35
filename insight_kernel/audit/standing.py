"""Whether a log still holds what its checkpoints say, looked at before it is opened."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from insight_kernel.audit.chain import Chain, read_chain
from insight_kernel.audit.checkpoint import FILE, Checkpoint, last_checkpoint, read_lines
from insight_kernel.audit.keys import PublicKey, public_keys, trusted
from insight_kernel.errors import Unavailable

Line = tuple[int, Checkpoint | str]
"""The number of a line among the checkpoints, and the checkpoint or what is wrong with it."""


def standing(path: Path, seen: Mapping[str, Checkpoint]) -> Chain:
    """Return what a log holds; `seen` are checkpoints by who keeps them, beside the log's own last one.

    Raises
    ------
    Unavailable
        When the chain is broken, or the log is shorter than at a checkpoint or another one; it names the last
        checkpoint that still holds.
    """
    own = last_checkpoint(path.parent / FILE)
    wrong = f"the last line of {FILE} {own}" if isinstance(own, str) else None
    known = {**seen, **({"its own checkpoint": own} if isinstance(own, Checkpoint) else {})}
    chain = read_chain(path, {each.count for each in known.values()})
    wrong = (f"the chain is broken: {chain.fault}" if chain.fault else None) or wrong or _unsigned(path, own)
    wrong = wrong or next((w for who, each in known.items() if (w := contradiction(chain, who, each))), None)
    if wrong:
        raise Unavailable(
            f"open {path}", f"{wrong}; {_last_good(path)}", "Restore the log; nothing is served."
        )
    return chain


def contradiction(chain: Chain, who: str, seen: Checkpoint) -> str | None:
    """Return how a log contradicts a checkpoint that somebody keeps."""
    if seen.count > chain.number:
        return f"the log ends at entry {chain.number}, and {who} counts {seen.count}"
    if chain.heads.get(seen.count) != seen.head:
        return f"entry {seen.count} or one before it is not what {who} was made of"
    return None


def checkpoint_faults(
    chain: Chain, lines: list[Line], keys: Mapping[str, PublicKey]
) -> Iterator[tuple[int, str]]:
    """Yield each line of a log's checkpoints that is wrong, by its number, and what is wrong with it."""
    before = 0
    for number, each in lines:
        named = f"checkpoint {number}"
        if isinstance(each, str):
            yield number, f"{named} {each}"
        elif fault := each.fault(keys):
            yield number, f"{named} {fault}"
        elif each.count <= before:
            yield number, f"{named} counts {each.count} entries after one that counts {before}"
        elif fault := contradiction(chain, named, each):
            yield number, fault
        else:
            before = each.count


def good_ones(chain: Chain, lines: list[Line], keys: Mapping[str, PublicKey]) -> list[Checkpoint]:
    """Return the checkpoints before the first that is wrong."""
    first = next(checkpoint_faults(chain, lines, keys), None)
    return [each for _, each in lines[: first[0] - 1 if first else None] if isinstance(each, Checkpoint)]


def _last_good(path: Path) -> str:
    lines = list(read_lines(path.parent / FILE))
    chain = read_chain(path, {each.count for _, each in lines if isinstance(each, Checkpoint)})
    good = good_ones(chain, lines, trusted(public_keys(path.parent)))
    last = f"the last good checkpoint is that of {good[-1].shortly()}" if good else ""
    return last or "there is no good checkpoint"


def _unsigned(path: Path, own: Checkpoint | str | None) -> str | None:
    if not isinstance(own, Checkpoint):
        return None
    fault = own.fault(trusted(public_keys(path.parent)))
    return f"its last checkpoint {fault}" if fault else None
