"""The service's process never loads what grades: it would be big, slow to start, and know the answers."""

import subprocess
import sys

PROGRAM = """
import asyncio, sys, tempfile, pathlib
from api.app import create_app
from api.settings import Settings

async def start():
    folder = pathlib.Path(tempfile.mkdtemp())
    app = create_app(Settings(
        database_url=f"sqlite:///{folder}/g.db", blob_dir=folder / "b", redis_url="redis://127.0.0.1:1/0",
    ))
    async with app.router.lifespan_context(app):
        app.openapi()
        await asyncio.to_thread(app.state.service.limits.request, 1)
        await asyncio.to_thread(app.state.service.store.check)

asyncio.run(start())
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_a_started_service_has_not_loaded_the_grader() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = set(told.stdout.split())
    assert {"api", "submissions", "fastapi", "celery"} <= loaded
    assert not loaded & {"grader", "reference", "torch", "numpy"}
