class CaptioningRNN(CaptioningRNN):
    def loss(self, features, captions):
        if self.cell_type == "lstm":
            return super().loss(features, captions)
        p, g = self.params, {}
        captions_in, captions_out = captions[:, :-1], captions[:, 1:]
        h0, cache_h0 = affine_forward(features, p["W_proj"], p["b_proj"])
        x, cache_x = word_embedding_forward(captions_in, p["W_embed"])
        h, cache_h = rnn_forward(x, h0, p["Wx"], p["Wh"], p["b"])
        scores, cache = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
        loss, d = temporal_softmax_loss(scores, captions_out, np.ones(captions_out.shape))
        dh, g["W_vocab"], g["b_vocab"] = temporal_affine_backward(d, cache)
        dx, dh0, g["Wx"], g["Wh"], g["b"] = rnn_backward(dh, cache_h)
        g["W_embed"] = word_embedding_backward(dx, cache_x)
        _, g["W_proj"], g["b_proj"] = affine_backward(dh0, cache_h0)
        return loss, g
