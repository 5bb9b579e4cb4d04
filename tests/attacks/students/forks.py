import os
import time


def attack():
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
    return 1
