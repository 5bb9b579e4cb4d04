input_dim = X_train_feats.shape[1]
hidden_dim = 500
num_classes = 10

data = {
    "X_train": X_train_feats,
    "y_train": y_train,
    "X_val": X_val_feats,
    "y_val": y_val,
    "X_test": X_test_feats,
    "y_test": y_test,
}

best_net = TwoLayerNet(input_dim, hidden_dim, num_classes, weight_scale=1e-2, reg=1e-3)
solver = Solver(
    best_net,
    data,
    optim_config={"learning_rate": 0.4},
    lr_decay=0.95,
    num_epochs=30,
    batch_size=200,
    print_every=2000,
)
solver.train()
