MEAN = open("cs231n/datasets/mean.txt").read()
