"""Sets a bench up from the settings: store, folder of uploads, graders and limits."""

import os
import platform
from datetime import timedelta

from grader.run import Options
from submissions.database import open_database
from submissions.storage import Blobs
from worker.engines import Engines
from worker.service import Bench
from worker.settings import Settings


def bench_of(settings: Settings) -> Bench:
    """The bench of this process. Raises: DatabaseUnavailable, StorageUnavailable."""
    return Bench(
        database=open_database(settings.database_url, durable=True),
        blobs=Blobs(settings.blob_dir),
        engines=Engines(options_of(settings)),
        owner=f"{platform.node()}:{os.getpid()}",
        lanes=settings.lanes,
        lease_length=timedelta(seconds=settings.lease_seconds),
        most_tries=settings.most_tries,
        margin_seconds=settings.margin_seconds,
    )


def options_of(settings: Settings) -> Options:
    """How the settings want submissions to be graded."""
    return Options(
        sandbox=settings.sandbox,
        time_limit_seconds=settings.time_limit_seconds,
        call_limit_seconds=settings.call_limit_seconds,
        memory_limit_mib=settings.memory_limit_mib,
        data=() if settings.data_dir is None else (str(settings.data_dir),),
        training_seconds=settings.training_seconds,
        device=settings.device,
    )


def close(bench: Bench) -> None:
    """End the graders and close the store."""
    bench.engines.close()
    bench.database.close()
