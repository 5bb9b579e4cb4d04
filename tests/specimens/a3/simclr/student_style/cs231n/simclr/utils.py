from tqdm import tqdm


def train(model, data_loader, train_optimizer, epoch, epochs, batch_size=32, temperature=0.5, device="cuda"):
    model.train()
    total_loss, total_num, train_bar = 0.0, 0, tqdm(data_loader)
    for x_i, x_j, target in train_bar:
        x_i, x_j = x_i.to(device), x_j.to(device)
        (_, out_left), (_, out_right) = model(x_i), model(x_j)
        loss = simclr_loss_vectorized(out_left, out_right, tau=temperature, device=device)
        train_optimizer.zero_grad()
        loss.backward()
        train_optimizer.step()
        total_num += batch_size
        total_loss += loss.item() * batch_size
        train_bar.set_description("Train Epoch: [{}/{}]".format(epoch, epochs))
    return total_loss / total_num
