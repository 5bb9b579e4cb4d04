import json
import os
import struct
import time


def attack():
    reply = {"ok": True, "values": {"value": 1}, "changed": [], "arrays": []}
    header = json.dumps(reply).encode()
    os.write(4, struct.pack("<IQ", len(header), 0) + header)
    while True:
        time.sleep(1)
