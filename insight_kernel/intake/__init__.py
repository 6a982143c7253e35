"""From delivered files to cleaned, labelled statements; `read` needs no store."""

from insight_kernel._lazy import lazy

__getattr__ = lazy({"read": "insight_kernel.intake.reading.apart:read"})
