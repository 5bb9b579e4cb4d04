<<<<<<< HEAD
def helper(x):
    return x
=======
def helper(x, y):
    return x + y
>>>>>>> origin/master
