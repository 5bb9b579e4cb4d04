import os
import struct
import time


def attack():
    os.write(4, struct.pack("<IQ", 4, 1 << 62) + b"{}  ")
    time.sleep(60)
