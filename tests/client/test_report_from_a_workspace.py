"""Reports from a workspace are drafts of it: they are made for nobody else."""

import pytest

from insight_kernel.client.asking import Asker
from insight_kernel.client.report import run
from insight_kernel.errors import Refused


@pytest.mark.case("A84")
def test_a_workspace_makes_no_renditions() -> None:
    """Its parameters carry what was read there; the refusal says where a rendition is made."""
    with pytest.raises(Refused, match="insight report run subject_profile --for"):
        run(Asker("unix:/nowhere", "x"), "subject_profile", {"subject": "0" * 16, "recipients": ["FR"]})
