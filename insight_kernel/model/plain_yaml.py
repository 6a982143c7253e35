"""YAML as its writers mean it: `NO` is Norway, a date is a text, only `true` and `false` are truth values."""

import re
from typing import Any

import yaml

_READ_OTHERWISE = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _PlainLoader(yaml.SafeLoader):
    """A safe loader without the surprises of YAML 1.1."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _READ_OTHERWISE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))


def read_yaml(text: str) -> Any:
    """Return what the text holds; raise `yaml.YAMLError` when it is not YAML.

    Examples
    --------
    >>> read_yaml("{owner: NO, expires: 2031-01-01, invented: true, level: 1, title: false papers}")
    {'owner': 'NO', 'expires': '2031-01-01', 'invented': True, 'level': 1, 'title': 'false papers'}
    """
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  # it is a safe loader
