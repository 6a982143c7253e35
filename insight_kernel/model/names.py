"""Names as search compares them: Latin letters, lower case, split into tokens."""

import re
from functools import lru_cache

from anyascii import anyascii

_HAN = re.compile(r"([\u3400-\u9fff])")
_TOKEN = re.compile(r"[a-z0-9]+")
_MOST = 12  # tokens kept of one name; longer "names" are descriptions


@lru_cache(maxsize=65536)
def name_tokens(name: str) -> tuple[str, ...]:
    """Return the distinct tokens of a name in any script, in order of appearance, at most twelve.

    Examples
    --------
    >>> name_tokens("OSETROVA, Maria"), name_tokens("Мария"), name_tokens("王小明")
    (('osetrova', 'maria'), ('mariya',), ('wang', 'xiao', 'ming'))
    """
    latin = anyascii(_HAN.sub(r" \1 ", name)).lower().replace("'", "").replace("`", "")
    return tuple(dict.fromkeys(_TOKEN.findall(latin)))[:_MOST]
