def forward(self, features, captions):
    N, T = captions.shape
    scores = torch.empty((N, T, self.vocab_size))
    mask = torch.tril(torch.ones(T, T))
    image = self.visual_projection(features).unsqueeze(1)
    scores = self.output(self.transformer(self.embedding(captions), image, tgt_mask=mask))
    return scores


CaptioningTransformer.forward = forward
