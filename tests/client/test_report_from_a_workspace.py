"""Reports from a workspace are drafts of it: they are made for nobody else."""

import pytest

from insight_kernel.client.asking import Asker
from insight_kernel.client.report import run
from insight_kernel.errors import Refused
from insight_kernel.reports.run import run_renditions


@pytest.mark.case("A84")
def test_a_workspace_makes_no_renditions() -> None:
    """Its parameters carry what was read there; the refusal says where a rendition is made."""
    with pytest.raises(Refused, match="insight report run subject_profile --for"):
        run(Asker("unix:/nowhere", "x"), "subject_profile", {"subject": "0" * 16, "recipients": ["FR"]})


@pytest.mark.case("A84")
def test_nor_does_the_command_line_in_a_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's token in the environment is enough to know that it is one."""
    monkeypatch.setenv("INSIGHT_GATEWAY", "unix:/nowhere")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    with pytest.raises(Refused, match="a draft of it"):
        run_renditions("subject_profile", {"subject": "0" * 16}, ["FR"])
