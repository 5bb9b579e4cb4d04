"""Names that NumPy once had and has no more, and what does their work today.

The ones that submissions use most (``np.int``, ``np.product`` …) still work in the guest, see
`grader.sandbox.guest.standins`; these here need a line of the student's to change.
"""

from collections.abc import Mapping

GONE: Mapping[str, str] = {
    "alen": "len",
    "asscalar": "the array's own .item()",
    "bool8": "np.bool_",
    "byte_bounds": "np.lib.array_utils.byte_bounds",
    "cast": "np.asarray(…, dtype=…)",
    "compat": "plain Python",
    "deprecate": "the warnings module",
    "disp": "print",
    "find_common_type": "np.result_type",
    "int0": "np.intp",
    "issctype": "isinstance with np.dtype",
    "issubclass_": "issubclass",
    "issubsctype": "np.issubdtype",
    "longfloat": "np.longdouble",
    "lookfor": "the documentation's search",
    "mat": "np.asmatrix",
    "maximum_sctype": "an explicit dtype",
    "nbytes": "np.dtype(…).itemsize",
    "obj2sctype": "np.dtype(…).type",
    "object0": "object",
    "rank": "np.ndim",
    "recfromcsv": "np.genfromtxt",
    "safe_eval": "ast.literal_eval",
    "sctype2char": "np.dtype(…).char",
    "sctypes": "an explicit dtype",
    "singlecomplex": "np.complex64",
    "source": "inspect.getsource",
    "str0": "np.str_",
    "typeDict": "np.dtype",
    "uint0": "np.uintp",
    "void0": "np.void",
    "who": "a debugger's list of variables",
}
"""Name → what to write for it, as the subject of “does its work”."""
