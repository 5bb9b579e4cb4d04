class CaptioningRNN(CaptioningRNN):
    def sample(self, features, max_length=30):
        if self.cell_type == "lstm":
            return super().sample(features, max_length)
        p, N = self.params, features.shape[0]
        captions = self._null * np.ones((N, max_length), dtype=np.int32)
        h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
        word = self._start * np.ones((N, 1), dtype=int)
        for t in range(max_length):
            x, _ = word_embedding_forward(word, p["W_embed"])
            h, _ = rnn_step_forward(x.squeeze(), h, p["Wx"], p["Wh"], p["b"])
            scores, _ = affine_forward(h, p["W_vocab"], p["b_vocab"])
            captions[:, t] = np.argmax(scores.squeeze(), axis=1)
            word = captions[:, t : t + 1]
        return captions
