"""The layers that NumPy cannot do quickly, compiled.

`layers` holds the course's `fast_layers`; `conv`, `pool` and `im2col` are the Cython extensions under it.
The rest of the reference runs without them.
"""
