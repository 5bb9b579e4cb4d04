import importlib
import sys


def attack(folder):
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    found = []
    for name in ("reference", "grader", "submissions", "worker", "api", "command"):
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found
