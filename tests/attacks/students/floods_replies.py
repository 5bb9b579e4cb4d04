import json
import os
import struct


def attack():
    reply = {"ok": True, "values": {"value": 1}, "changed": [], "arrays": []}
    header = json.dumps(reply).encode()
    while True:
        os.write(4, struct.pack("<IQ", len(header), 0) + header)
