import numpy as np

from cs231n.captioning_solver import CaptioningSolver
from cs231n.classifiers.rnn import CaptioningRNN

data = {
    "train_captions": captions,
    "train_features": features,
    "train_image_idxs": np.arange(len(captions)),
    "train_urls": np.arange(len(captions)),
}
np.random.seed(seed)
model = CaptioningRNN(
    word_to_idx, features.shape[1], wordvec_dim, hidden_dim, cell_type="rnn", dtype=np.float32
)
solver = CaptioningSolver(
    model,
    data,
    update_rule="adam",
    optim_config={"learning_rate": 1e-2},
    lr_decay=0.97,
    num_epochs=num_epochs,
    batch_size=25,
    verbose=False,
)
solver.train()
