import os
import time


def attack():
    os.closerange(3, 64)
    while True:
        time.sleep(1)
