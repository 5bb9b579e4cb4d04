import threading


def attack():
    never = threading.Event()
    for _ in range(1000):
        threading.Thread(target=never.wait, daemon=True).start()
    return 1
