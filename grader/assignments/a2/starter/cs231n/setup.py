"""Builds the extension: python setup.py build_ext --inplace, in this folder."""

from Cython.Build import cythonize
from setuptools import Extension, setup

setup(
    name="im2col_cython",
    ext_modules=cythonize([Extension("im2col_cython", ["im2col_cython.pyx"])]),
)
