import json
import os
import struct


def attack():
    # Well-formed, and all it gains is the right to send an array.
    reply = {"ok": True, "values": {"value": {"array": 0}}, "changed": [], "arrays": [["<f8", [1]]]}
    header = json.dumps(reply).encode()
    os.write(4, struct.pack("<IQ", len(header), 8) + header + struct.pack("<d", 42.0))
    os._exit(0)
