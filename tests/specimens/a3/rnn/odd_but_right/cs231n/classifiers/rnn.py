class CaptioningRNN(CaptioningRNN):
    def loss(self, features, captions):
        loss, grads = super().loss(features, captions)
        return np.array([loss]), {**grads, "features": None}

    def sample(self, features, max_length=30):
        captions = super().sample(features, max_length)
        over = np.cumsum(captions == self._end, axis=1) - (captions == self._end) > 0
        return np.where(over, 7, captions).astype(float)
