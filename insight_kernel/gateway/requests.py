"""The typed requests: what may be asked, and nothing else.

No coercion, no unknown field, no number beyond its bounds; there are no expressions and no patterns.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Values = Annotated[list[Text], Field(min_length=1, max_length=10_000)]
Filters = Annotated[dict[Word, Values], Field(max_length=20)]
Ids = Annotated[list[Id], Field(min_length=1, max_length=10_000)]


class Question(BaseModel):
    """The root of all requests."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Page(Question):
    """A part of an answer: how many entities, and where the page before said that it goes on."""

    size: Annotated[int, Field(ge=1, le=10_000)]
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None


class Find(Question):
    """Entities of a schema that pass every filter (property -> values, one of which must match).

    All of them, or the first so many; or one page after the other, each decided afresh.
    """

    schema_: Word = Field(alias="schema")
    filters: Filters = {}
    limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    page: Page | None = None


class Get(Question):
    """Everything visible of entities named by id."""

    ids: Ids


class Neighbours(Question):
    """Links around entities, `depth` steps far."""

    ids: Ids
    depth: Annotated[int, Field(ge=1, le=4)] = 1


class Aggregate(Question):
    """Number of entities per value of one property."""

    schema_: Word = Field(alias="schema")
    by: Word
    filters: Filters = {}
    limit: Annotated[int, Field(ge=1, le=100_000)] = 1_000


class Count(Question):
    """Number of entities that pass every filter."""

    schema_: Word = Field(alias="schema")
    filters: Filters = {}


class Search(Question):
    """Entities by name or number."""

    text: Text
    schema_: Word = Field(alias="schema", default="Thing")
    limit: Annotated[int, Field(ge=1, le=1_000)] = 20


class Sources(Question):
    """What is connected, as far as the reader may know of it."""


class Quality(Question):
    """What each source is worth, as far as the reader may know of it."""


class Me(Question):
    """Whose workspace this is; what is named must be what it is, for nothing is chosen by a request."""

    workspace: Text | None = None
    case: Text | None = None
    purpose: Text | None = None
    necessity: Text | None = None


class SignedLabel(Question):
    """The label of an answer as its metadata hold it: `insight`, `insight-key` and `insight-signature`."""

    insight: Annotated[str, StringConstraints(max_length=100_000)]
    key: Id
    signature: Id


class CanRelease(Question):
    """Whether everything this workspace was sent may go to each of these organisations.

    Labels of answers may be shown; they are checked, and decide nothing.
    """

    to: Annotated[list[Id], Field(min_length=1, max_length=300)]
    labels: Annotated[list[SignedLabel], Field(max_length=100)] = []


class OrderReport(Question):
    """A report from a template: a rendition for each recipient, or without any one for this workspace's member.

    It begins with all that this workspace was sent, because parameters may carry it.
    """

    template: Word
    parameters: Annotated[dict[Word, JsonValue], Field(max_length=100)] = {}
    recipients: Annotated[list[Id], Field(max_length=300)] = []


class ReadOrders(Question):
    """How far the reports are that this workspace ordered; they can be stopped."""

    runs: Annotated[list[Id], Field(min_length=1, max_length=1_000)]
    stop: bool = False


class FloatingLabel(Question):
    """The label of everything this workspace was ever sent."""


class WriteDraft(Question):
    """A draft about an entity or a run; labels of answers may be shown, they are checked and decide nothing."""

    target: Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    section: Text | None = None
    assessment: bool = False
    grade: Text | None = None
    labels: Annotated[list[SignedLabel], Field(max_length=100)] = []


class ReadNotes(Question):
    """The notes about an entity or a run, and this workspace's own drafts."""

    target: Id
