import os
import struct
import time


def attack():
    header = b'{"ok": true, "arrays": [["<f8", [1]]]}'
    os.write(4, struct.pack("<IQ", len(header), 16) + header + bytes(16))
    time.sleep(60)
