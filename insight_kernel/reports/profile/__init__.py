"""Subject profile: pure functions from what a workspace returned to the sections of the report."""

from insight_kernel.reports.profile.alerts import notices
from insight_kernel.reports.profile.dated import dates, events, movements, places
from insight_kernel.reports.profile.gaps import gaps
from insight_kernel.reports.profile.gathering import gather, seen
from insight_kernel.reports.profile.heading import header, made
from insight_kernel.reports.profile.identity import identity, status
from insight_kernel.reports.profile.links import links, network
from insight_kernel.reports.profile.material import Seen
from insight_kernel.reports.profile.traffic import calls, payments
from insight_kernel.reports.profile.written import assessment, notes, recommendations

__all__ = [
    "Seen", "assessment", "calls", "dates", "events", "gaps", "gather", "header", "identity", "links", "made",
    "movements", "network", "notes", "notices", "payments", "places", "recommendations", "seen", "status",
]  # fmt: skip
