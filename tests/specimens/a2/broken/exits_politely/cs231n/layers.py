import sys


def dropout_backward(dout, cache):
    sys.exit('not done yet')
