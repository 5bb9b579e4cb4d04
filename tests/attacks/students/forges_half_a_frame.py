import os
import struct
import time


def attack():
    os.write(4, struct.pack("<IQ", 100, 100) + b'{"ok": true')
    time.sleep(60)
