"""The two types that every signature of the reference uses."""

from typing import Any, TypeAlias

import numpy.typing as npt

# The functions compute in whatever floating-point type they are given.
Array: TypeAlias = npt.NDArray[Any]

# The course's bn_param, conv_param, pool_param, dropout_param and the configs of its optimisers.
Param: TypeAlias = dict[str, Any]
