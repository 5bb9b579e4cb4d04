import numpy as np

NEAREST = undefined_name
