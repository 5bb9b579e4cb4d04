best_model = TwoLayerNet(input_size, 150, num_classes, reg=0.2)
solver = Solver(
    best_model,
    data,
    optim_config={"learning_rate": 1e-3},
    lr_decay=0.95,
    num_epochs=12,
    batch_size=200,
    print_every=500,
)
solver.train()
