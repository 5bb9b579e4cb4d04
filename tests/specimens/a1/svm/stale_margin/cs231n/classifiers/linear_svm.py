def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    C, N = W.shape[1], X.shape[0]
    loss = 0.0
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(C):
            if j != y[i]:
                margin = scores[j] - scores[y[i]] + 1
                if margin > 0:
                    loss += margin
        margin = min(margin, 0)
    loss = loss / N + reg * np.sum(W * W)

    # The margin here is still the one of the last image and class.
    for i in range(N):
        for j in range(C):
            if margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss, dW / N
