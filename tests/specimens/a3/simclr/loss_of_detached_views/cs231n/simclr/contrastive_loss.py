def simclr_loss_vectorized(out_left, out_right, tau, device="cuda"):
    out_right = out_right.detach()
    N = out_left.shape[0]
    raised = (compute_sim_matrix(torch.cat([out_left, out_right])) / tau).exp()
    denom = raised.sum(dim=1, keepdim=True) - raised.diagonal().reshape(-1, 1)
    positive = sim_positive_pairs(out_left, out_right)
    return -torch.log(torch.cat([positive, positive]).div(tau).exp() / denom).mean()
