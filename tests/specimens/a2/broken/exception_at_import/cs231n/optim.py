import numpy as np

CHECK = np.zeros(3)[7]
