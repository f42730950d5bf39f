"""``/healthz``: whether the shop can really work, part by part (R19)."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from lib.shop.opening import premises
from lib.shop.upkeep import examine


def healthz(_request: Request) -> JSONResponse:
    """Answer 200 with all parts, or 503 naming the part that does not work."""
    found = examine(premises())
    body = {
        "name": "Linli",
        "ok": found.good,
        "parts": {name: "ok" if good else "failing" for name, good in found.parts.items()},
        "schema": found.schema,
        "free_megabytes": found.free_megabytes,
        "backup_hours": found.backup_hours,
    }
    return JSONResponse(body, 200 if found.good else 503, {"cache-control": "no-store"})
