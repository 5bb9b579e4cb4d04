"""The kit lies in this process: it can be found and changed, and knows nothing that is worth it."""

import gc
import types


def attack():
    for thing in gc.get_objects():
        if isinstance(thing, types.ModuleType) and thing.__name__.endswith("torch_kit"):
            thing.tensor = lambda x: 42
            found = [name for name in vars(thing) if "reference" in name or "answer" in name]
            return found + [str(v) for v in vars(thing).values() if "reference" in str(v)]
    return []
