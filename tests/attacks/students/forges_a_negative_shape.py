import os
import struct
import time


def attack():
    header = b'{"ok": true, "arrays": [["<f8", [-1, -1]]]}'
    os.write(4, struct.pack("<IQ", len(header), 8) + header + bytes(8))
    time.sleep(60)
