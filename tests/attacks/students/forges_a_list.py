import os
import struct
import time


def attack():
    header = b"[1, 2, 3]"
    os.write(4, struct.pack("<IQ", len(header), 0) + header + bytes(0))
    time.sleep(60)
