from .optim import BASE

RATE = BASE
