input_size = 32 * 32 * 3
hidden_size = 50
num_classes = 10
model = TwoLayerNet(input_size, hidden_size, num_classes)
solver = Solver(
    model, data, optim_config={"learning_rate": 1e-3}, num_epochs=4, batch_size=200, print_every=500
)
solver.train()
