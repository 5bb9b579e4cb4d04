import re
import numpy as np

PATTERN = re.compile("\s+\d")


def relu_forward(x):
	if x is 0:
		return 0, 0
	out = x * (x > 0)
	return out, x
