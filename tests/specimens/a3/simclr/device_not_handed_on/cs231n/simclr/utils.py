def train(model, data_loader, train_optimizer, epoch, epochs, batch_size=32, temperature=0.5, device="cuda"):
    total_loss, total_num = 0.0, 0
    for x_i, x_j, target in data_loader:
        loss = simclr_loss_vectorized(model(x_i)[1], model(x_j)[1], temperature)
        train_optimizer.zero_grad()
        loss.backward()
        train_optimizer.step()
        total_num += batch_size
        total_loss += loss.item() * batch_size
    return total_loss / total_num
