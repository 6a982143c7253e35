"""`insight quality`: what each source is worth, so that more data are not taken for better."""

from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, CASE, PURPOSE, STORE, USER, show


@click.command()
@STORE
@USER
@PURPOSE
@CASE
@AS_JSON
def quality(store: Path | None, user: str, purpose: str, case: str | None, as_json: bool) -> None:
    """Say of each source, and each kind of thing in it, how much is filled, how old it is, and how much is a copy."""
    from insight_kernel.client.frames import readable
    from insight_kernel.client.opening import open_workspace
    from insight_kernel.client.stores import store_folder

    with open_workspace(store_folder(store), user=user, purpose=purpose, case=case) as workspace:
        frame = workspace.quality()
    said = (
        readable(frame.drop(columns="title").round(2)).to_string(index=False) if len(frame) else "No source."
    )
    body = {"sources": frame.to_dict("records"), "label": frame.insight.label}
    show(as_json, body, f"{said}\n\n{frame.insight.banner}")
