def helper(x):
    y = x
   return y
