"""A cluster's worker on a machine whose sandbox has a hole."""

import worker.tasks
from worker.app import app

__all__ = ["app"]

setattr(  # noqa: B010 - a name that the module has from another one
    worker.tasks,
    "sandbox_refusal",
    lambda: "submissions can break out of the sandbox: it sings",
)
