import tempfile


def attack():
    kept = []
    for _ in range(400):
        file = tempfile.TemporaryFile()
        file.write(bytes(1 << 20))
        file.flush()
        kept.append(file)
    return 1
