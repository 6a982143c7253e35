"""A long campaign against the parser of requests: `python -m tests.opinions.fuzz --seconds N [--seed N]`.

Bodies are changed wherever that reaches code not reached before (atheris, which is installed by hand: `pip install
atheris`). It ends with the body that broke a law of `tests.opinions.parsing`, or when the time is over.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

BEGIN = (
    {"schema": "Person", "filters": {"name": ["a"]}, "limit": 7}, {"ids": ["0"], "depth": 2}, {"text": "é"},
    {"schema": "Person", "by": "name"}, {"to": ["FR"], "labels": [{"insight": "", "key": "a", "signature": "b"}]},
    {"template": "a", "parameters": {"x": [1.5, None, True, {"y": "\ud83d\ude00"}]}, "recipients": ["FR"]},
    {"runs": ["a"], "stop": False}, {"target": "a", "text": "b", "section": None}, {}, [[[[[[[[[[]]]]]]]]]],
)  # fmt: skip
"""What the campaign begins with: one of each request."""
_MOST_BYTES = 4_096


def main(words: Sequence[str] | None = None) -> None:
    """Run the campaign; the process ends with 0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.opinions.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    import atheris  # not in the suite: nobody needs it to run the tests

    with atheris.instrument_imports(include=["insight_kernel", "json"]):
        from tests.opinions.parsing import MODELS, look

    def each(body: bytes) -> None:
        """The first byte says which request it is sent as."""
        if body:
            look(body[1:], MODELS[body[0] % len(MODELS)])

    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        for number, begun in enumerate(BEGIN):
            (Path(folder) / str(number)).write_bytes(bytes([number]) + json.dumps(begun).encode())
        options = [
            f"-max_total_time={asked.seconds}",
            f"-seed={asked.seed}",
            f"-max_len={_MOST_BYTES}",
            "-timeout=5",
        ]
        atheris.Setup([sys.argv[0], *options, folder], each)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
