def generator_loss(logits_fake):
    return bce_loss(logits_fake.reshape(-1), torch.ones(len(logits_fake)).cuda())
