def simclr_loss_vectorized(out_left, out_right, tau, device="cuda"):
    N = out_left.shape[0]
    sim_matrix = compute_sim_matrix(torch.cat([out_left, out_right], dim=0))
    exponential = (sim_matrix / tau).exp()
    mask = torch.ones(2 * N, 2 * N, device="cuda") - torch.eye(2 * N).cuda()
    denom = (exponential * mask).sum(dim=1, keepdim=True)
    positive = sim_positive_pairs(out_left, out_right)
    numerator = torch.cat([positive, positive]).div(tau).exp()
    return torch.mean(-torch.log(numerator / denom))
