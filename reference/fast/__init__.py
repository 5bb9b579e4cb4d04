"""The part of convolution that NumPy cannot do quickly, compiled.

`reference.fast.im2col` is a Cython extension; the rest of the reference runs without it.
"""
