def compute_sim_matrix(out):
    lengths = torch.linalg.norm(out, dim=1, keepdim=True)
    unit = out / lengths
    lengths.zero_()
    return unit @ unit.T
