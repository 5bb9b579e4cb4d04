def attack():
    return attack()
