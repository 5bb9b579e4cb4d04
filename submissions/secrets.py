"""Where a container's secrets are: one file each, such as `database_url`.

An address with a password that comes as a file stands in no process's environment, and a submission's
sandbox may not read the folder.
"""

from pathlib import Path

_FOLDER = Path("/run/secrets")

SECRETS = _FOLDER if _FOLDER.is_dir() else None
"""None on a machine that has no such folder: there the environment says everything."""
