import os


def attack(*paths):
    found = []
    for path in paths:
        for way in (path, f"/proc/self/root{path}", f"../../../../../../..{path}"):
            try:
                if os.path.isdir(way):
                    os.listdir(way)
                else:
                    open(way, "rb").read(1)
                found.append(way)
            except OSError:
                pass
    return found
