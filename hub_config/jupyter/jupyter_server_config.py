"""Settings of every user's JupyterLab: it asks nobody outside, installs nothing, and forgets permissions quickly."""

from insight_kernel.views.live.saving import keep_still

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.ServerApp.terminals_enabled = False
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"

# Who may use this server is asked of the hub again after a second; the default of five minutes would let
# somebody in long after he lost the right.
c.HubAuth.cache_max_age = 1

# A live picture needs its kernel; the still one saved beside it can be seen without.
c.ContentsManager.pre_save_hook = keep_still
