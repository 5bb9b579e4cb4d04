class Liar(dict):
    def items(self):
        raise SystemExit("no items for you")


def attack():
    return Liar(a=1)
