import os
import sys


def attack():
    return [sorted(os.environ), sys.argv, os.getcwd()]
