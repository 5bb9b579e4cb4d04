class CaptioningRNN(CaptioningRNN):
    def sample(self, features, max_length=30):
        if self.cell_type == "lstm":
            return super().sample(features, max_length)
        p = self.params
        captions = self._null * np.ones((features.shape[0], max_length), dtype=np.int32)
        h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
        words = np.full(features.shape[0], self._start)
        for t in range(max_length):
            h, _ = rnn_step_forward(p["W_embed"][words], h, p["Wx"], p["Wh"], p["b"])
            words = np.argmax(h @ p["W_vocab"] + p["b_vocab"], axis=1)
            captions[:, t] = words
            if (words == self._end).any():
                break
        return captions
