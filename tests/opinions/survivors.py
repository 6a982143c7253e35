"""Mistakes no test notices, because what is decided, shown or released stays the same: each with the reason."""

# ruff: noqa: E501  # names of mistakes are as long as what is changed

_ERROR = "What is then compared is nothing, which is an error, and an error while deciding refuses by the same rule."
_SAME = "The same numbers come out of it, a little slower or from a little more memory."
_TWO_WAYS = "It chooses between two ways to the same numbers, by which of them is faster."

SURVIVORS: dict[str, str] = {
    "policy/allowed.py: 256 -> 257": "One allowed set more is kept; which one is decided by nothing but memory.",
    "policy/allowed.py._special: label.special if isinstance(label, Label) else frozenset() -> label.special": "Only numbers of visible labels get here, and an unreadable label is never visible; the check is for the types.",
    "policy/check.py.check_file: path.read_text(encoding='utf-8') -> path.read_text()": "The same where the machine's own encoding is UTF-8, as on every machine the tests run on.",
    "policy/join.py.summarise: isinstance(n, Label) and decide(subject, unexpiring(n), ask).visible -> decide(subject, unexpiring(n), ask).visible": "An unreadable label is refused by the first rule; the check is for the types.",
    "policy/numbers.py: 64 -> 65": _TWO_WAYS,
    "policy/numbers.py.Numbers.__init__: numbers.array if isinstance(numbers, Numbers) else np.unique(np.fromiter(numbers, np.uint3 -> np.unique(np.fromiter(numbers, np.uint32))": _SAME,
    "policy/numbers.py.Numbers.of_array: False -> True": _SAME,
    "policy/numbers.py.Numbers.of_array: numbers.astype(np.uint32, copy=False) -> numbers.astype(np.uint32)": _SAME,
    "policy/numbers.py._distinct: len(numbers) * _DENSE -> len(numbers)": _TWO_WAYS,
    "policy/numbers.py._distinct: len(numbers) * _DENSE -> len(numbers) // _DENSE": _TWO_WAYS,
    "policy/numbers.py._distinct: len(numbers) * _DENSE < most -> len(numbers) * _DENSE <= most": _TWO_WAYS,
    "policy/numbers.py._distinct: np.zeros(most + 1, dtype=bool) -> np.zeros(most + 1)": _SAME,
    "policy/numbers.py._distinct: 0 -> 1": _SAME,
    "policy/numbers.py._distinct: 1 -> 2": _SAME,
    "policy/rules.py._clearance: subject.clearance is not None and LEVELS.index(subject.clearance) >= LEVELS.index(label.le -> LEVELS.index(subject.clearance) >= LEVELS.index(label.level)": _ERROR,
    "policy/rules.py._file: subject.files is not None and label.files <= subject.files -> label.files <= subject.files": _ERROR,
    "policy/rules.py._not_expired: ask.day is not None and ask.day < label.expires -> ask.day < label.expires": _ERROR,
    "policy/rules.py._purpose: subject.purposes is None or ask.purpose not in PURPOSES -> ask.purpose not in PURPOSES": _ERROR,
    "policy/rules.py._purpose: subject.purposes is None or ask.purpose not in PURPOSES -> subject.purposes is None and ask.purpose not in PURPOSES": _ERROR,
    "policy/rules.py._purpose: subject.purposes is None or ask.purpose not in PURPOSES -> subject.purposes is None": "A readable label holds words of the list only, so that another one is not among its purposes either.",
    "model/subject.py.read_subject: isinstance(clearance, str) and clearance in LEVELS -> clearance in LEVELS": "Nothing but a word equals a word of the list; the check is for the types.",
    "model/label.py._one_of.read: not isinstance(raw, str) or raw not in words -> raw not in words": "Nothing but a word equals a word of the list; the check is for the types.",
    "model/subject.py.read_ask: isinstance(purpose, str) and purpose in PURPOSES -> purpose in PURPOSES": "Nothing but a word equals a word of the list; the check is for the types.",
    "gateway/releases.py._refused: profile.purposes or () -> profile.purposes": "Whoever gets here has a release profile, and so purposes; the check is for the types.",
}
