def ls_generator_loss(scores_fake):
    return float(0.5 * torch.mean((scores_fake - 1) ** 2))
