def forward(self, features, captions):
    N, T = captions.shape
    scores = torch.empty((N, T, self.vocab_size))
    words = self.embedding(captions)
    words = words + self.positional_encoding(words)
    image = self.visual_projection(features).unsqueeze(1)
    mask = torch.tril(torch.ones(T, T))
    scores = self.output(self.transformer(words, image, tgt_mask=mask))
    return scores


CaptioningTransformer.forward = forward
