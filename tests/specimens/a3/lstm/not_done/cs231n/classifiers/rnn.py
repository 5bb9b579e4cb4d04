class CaptioningRNN(CaptioningRNN):
    def loss(self, features, captions):
        p, g = self.params, {}
        captions_in, captions_out = captions[:, :-1], captions[:, 1:]
        h0, cache_h0 = affine_forward(features, p["W_proj"], p["b_proj"])
        x, cache_x = word_embedding_forward(captions_in, p["W_embed"])
        # h, cache_h = lstm_forward(x, h0, p["Wx"], p["Wh"], p["b"])
        h, cache_h = rnn_forward(x, h0, p["Wx"], p["Wh"], p["b"])
        scores, cache = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
        loss, d = temporal_softmax_loss(scores, captions_out, captions_out != self._null)
        dh, g["W_vocab"], g["b_vocab"] = temporal_affine_backward(d, cache)
        dx, dh0, g["Wx"], g["Wh"], g["b"] = rnn_backward(dh, cache_h)
        g["W_embed"] = word_embedding_backward(dx, cache_x)
        _, g["W_proj"], g["b_proj"] = affine_backward(dh0, cache_h0)
        return loss, g

    def sample(self, features, max_length=30):
        p = self.params
        captions = self._null * np.ones((features.shape[0], max_length), dtype=np.int32)
        if self.cell_type == "rnn":
            h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
            words = np.full(features.shape[0], self._start)
            for t in range(max_length):
                h, _ = rnn_step_forward(p["W_embed"][words], h, p["Wx"], p["Wh"], p["b"])
                words = np.argmax(h @ p["W_vocab"] + p["b_vocab"], axis=1)
                captions[:, t] = words
        return captions
