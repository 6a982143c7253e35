"""The page: where a person states a case and a purpose, and sees what a workspace has read."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.service import Gateway


def page_app(gateway: Gateway, hub: Hub) -> FastAPI:
    """Return the application of the page's own listener."""
    app = FastAPI(
        title="INSIGHT page", redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url=None
    )

    @app.get(f"{hub.settings.prefix}health")
    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": gateway.health()["status"]})

    return app
