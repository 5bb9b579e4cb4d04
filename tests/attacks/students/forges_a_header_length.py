import os
import struct
import time


def attack():
    os.write(4, struct.pack("<IQ", (1 << 32) - 1, 0))
    time.sleep(60)
