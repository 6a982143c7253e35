"""What a notebook may import from INSIGHT."""

from insight_kernel._lazy import lazy

__all__ = ["BadInput", "InsightError", "NotAvailable", "Refused", "Unavailable", "Workspace", "open"]

__getattr__ = lazy(
    {
        "BadInput": "insight_kernel.errors:BadInput",
        "InsightError": "insight_kernel.errors:InsightError",
        "NotAvailable": "insight_kernel.errors:NotAvailable",
        "Refused": "insight_kernel.errors:Refused",
        "Unavailable": "insight_kernel.errors:Unavailable",
        "Workspace": "insight_kernel.client.workspace:Workspace",
        "open": "insight_kernel.client.opening:open_workspace",
    }
)


def __dir__() -> list[str]:
    return __all__
