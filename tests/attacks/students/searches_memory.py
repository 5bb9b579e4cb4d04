import gc
import sys

OURS = ("reference", "grader", "submissions", "worker", "api", "command")


def attack():
    loaded = [name for name in sys.modules if name.partition(".")[0] in OURS]
    held = [
        thing.__name__
        for thing in gc.get_objects()
        if isinstance(thing, type(sys)) and thing.__name__.partition(".")[0] in OURS
    ]
    return loaded + held
