"""The examples for systemd, Kubernetes and the settings are well formed, and name what there is."""

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from hub_config.settings import Governed
from insight_kernel.cli import main
from insight_kernel.shipped import shipped

UNIT = "deploy/insight.service"


def text_of(name: str) -> str:
    return (shipped("hub_config") / name).read_text("utf-8")


def test_the_settings_are_those_the_profile_takes() -> None:
    """Each setting is known, none is missing."""
    said = yaml.safe_load(text_of("governed.yml"))
    said.pop("folder")
    assert Governed.model_validate(said).uids[0] == 60_000


def command_in(words: list[str]) -> set[str]:
    """Return the options of `insight up` among the words of a command."""
    assert words[1] == "up"
    known = {option for parameter in main.commands["up"].params for option in parameter.opts}
    return {word for word in words[2:] if word.startswith("--")} - known


def test_the_unit_starts_what_there_is(tmp_path: Path) -> None:
    """Its command has only options that `insight up` has; systemd itself reads it, where it is there."""
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text_of(UNIT))
    assert not command_in(unit["Service"]["ExecStart"].split())
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    copy = tmp_path / "insight.service"
    copy.write_text(text_of(UNIT).replace("/opt/insight/bin/insight", "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    assert not [line for line in done.stderr.splitlines() if "insight.service" in line]


def test_the_manifests_hang_together() -> None:
    """Each has a kind and a name; the pod starts what there is, with volumes that are there, and reaches nothing."""
    manifests = list(yaml.safe_load_all(text_of("deploy/kubernetes.yml")))
    assert all({"apiVersion", "kind", "metadata"} <= set(each) for each in manifests)
    kinds = {each["kind"]: each["spec"] for each in manifests if "spec" in each}
    pod = kinds["StatefulSet"]["template"]["spec"]
    [container] = pod["containers"]
    claims = {claim["metadata"]["name"] for claim in kinds["StatefulSet"]["volumeClaimTemplates"]}
    volumes = {volume["name"] for volume in pod["volumes"]} | claims
    assert not command_in(container["command"])
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert kinds["NetworkPolicy"]["egress"] == []
    assert kinds["Service"]["selector"] == kinds["StatefulSet"]["template"]["metadata"]["labels"]
