class CaptioningRNN(CaptioningRNN):
    def sample(self, features, max_length=30):
        if self.cell_type == "lstm":
            return super().sample(features, max_length)
        p = self.params
        captions = self._null * np.ones((features.shape[0], max_length), dtype=np.int32)
        captions[:, 0] = self._start
        h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
        for t in range(1, max_length):
            x, _ = word_embedding_forward(captions[:, t - 1], p["W_embed"])
            h, _ = rnn_step_forward(x, h, p["Wx"], p["Wh"], p["b"])
            scores, _ = affine_forward(h, p["W_vocab"], p["b_vocab"])
            captions[:, t] = scores.argmax(axis=1)
        return captions
