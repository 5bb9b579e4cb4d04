best_model = FullyConnectedNet(
    [200, 200, 100],
    normalization="batchnorm",
    dropout_keep_ratio=0.8,
    weight_scale=5e-2,
    reg=1e-4,
)
solver = Solver(
    best_model,
    data,
    update_rule="adam",
    optim_config={"learning_rate": 1e-3},
    lr_decay=0.8,
    num_epochs=8,
    batch_size=100,
    print_every=1000,
)
solver.train()
