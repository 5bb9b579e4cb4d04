def adam(w, dw, config=None)
    return w, config
