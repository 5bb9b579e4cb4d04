def sim_positive_pairs(out_left, out_right):
    pos_pairs = torch.zeros(2, 1)
    pos_pairs[0] = sim(out_left[0], out_right[0])
    pos_pairs[1] = sim(out_left[1], out_right[1])
    return pos_pairs
