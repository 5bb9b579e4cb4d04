class CaptioningRNN(CaptioningRNN):
    def sample(self, features, max_length=30):
        if self.cell_type == "rnn":
            return super().sample(features, max_length)
        p, (N, D) = self.params, features.shape
        captions = self._null * np.ones((N, max_length), dtype=np.int32)
        h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
        c, words = np.zeros((N, D)), np.full(N, self._start)
        for t in range(max_length):
            h, c, _ = lstm_step_forward(p["W_embed"][words], h, c, p["Wx"], p["Wh"], p["b"])
            words = np.argmax(h @ p["W_vocab"] + p["b_vocab"], axis=1)
            captions[:, t] = words
        return captions
