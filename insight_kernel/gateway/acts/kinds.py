"""All kinds of acts there are."""

from insight_kernel.gateway.acts.completeness import CompletenessKind
from insight_kernel.gateway.acts.consents import ConsentKind
from insight_kernel.gateway.acts.emergency import EmergencyKind
from insight_kernel.gateway.acts.groups import GroupKind
from insight_kernel.gateway.acts.kind import Kind
from insight_kernel.gateway.acts.labelling import ConflictKind, LabelKind
from insight_kernel.gateway.acts.notes import NoteKind
from insight_kernel.gateway.acts.retention import PurgeKind
from insight_kernel.gateway.acts.templates import TemplateKind
from insight_kernel.gateway.drafts import Drafts
from insight_kernel.store.opened import Store


def kinds(store: Store, drafts: Drafts) -> tuple[Kind, ...]:
    """Return one of each kind, for one store."""
    return (
        ConsentKind(store), LabelKind(store), ConflictKind(store), PurgeKind(store), GroupKind(), EmergencyKind(),
        NoteKind(store, drafts), CompletenessKind(store), TemplateKind(),
    )  # fmt: skip
