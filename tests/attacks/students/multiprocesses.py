import multiprocessing


def attack():
    with multiprocessing.Pool(4) as pool:
        return pool.map(abs, [-1])[0]
