def sim(z_i, z_j):
    return torch.dot(z_i, z_j) / (torch.linalg.norm(z_i) * torch.linalg.norm(z_j))


def simclr_loss_naive(out_left, out_right, tau):
    N = out_left.shape[0]
    out = torch.cat([out_left, out_right], dim=0)
    total_loss = 0
    for k in range(N):
        for i, j in ((k, k + N), (k + N, k)):
            denominator = sum(torch.exp(sim(out[i], out[m]) / tau) for m in range(2 * N) if m != i)
            total_loss -= torch.log(torch.exp(sim(out[i], out[j]) / tau) / denominator)
    return total_loss / (2 * N)


def simclr_loss_vectorized(out_left, out_right, tau, device="cuda"):
    N = out_left.shape[0]
    out = torch.cat([out_left, out_right], dim=0)
    sim_matrix = compute_sim_matrix(out)
    exponential = (sim_matrix / tau).exp().to(device)
    mask = (torch.ones_like(exponential, device=device) - torch.eye(2 * N, device=device)).to(device).bool()
    exponential = exponential.masked_select(mask).view(2 * N, -1)
    denom = exponential.sum(dim=1)
    partners = torch.cat([torch.arange(N, 2 * N), torch.arange(N)])
    numerator = torch.exp(sim_matrix[torch.arange(2 * N), partners] / tau).reshape(-1, 1)
    return torch.mean(-torch.log(numerator / denom))
