"""Training and evaluation of a self-supervised model."""

import torch
from tqdm import tqdm

from .contrastive_loss import *


def train(
    model,
    data_loader,
    train_optimizer,
    epoch,
    epochs,
    batch_size=32,
    temperature=0.5,
    device="cuda",
):
    """Train a Model of model.py for one epoch.

    data_loader: batches of two views and labels; train_optimizer: its optimizer; epoch, epochs:
    for what is printed; batch_size: the images of a batch; temperature: tau of the loss; device:
    where to compute. Returns the mean loss.
    """
    model.train()
    total_loss, total_num, train_bar = 0.0, 0, tqdm(data_loader)
    for data_pair in train_bar:
        x_i, x_j, target = data_pair
        x_i, x_j = x_i.to(device), x_j.to(device)

        out_left, out_right, loss = None, None, None
        ##############################################################################
        # TODO: run x_i and x_j through the model, see model.py for what it returns,
        # and put simclr_loss_vectorized of the two outputs in loss.
        ##############################################################################

        ##############################################################################
        #                               END OF YOUR CODE                             #
        ##############################################################################

        train_optimizer.zero_grad()
        loss.backward()
        train_optimizer.step()

        total_num += batch_size
        total_loss += loss.item() * batch_size
        train_bar.set_description(
            "Train Epoch: [{}/{}] Loss: {:.4f}".format(epoch, epochs, total_loss / total_num)
        )

    return total_loss / total_num


def train_val(model, data_loader, train_optimizer, epoch, epochs, device="cuda"):
    """Train a classifier for one epoch, or evaluate it where train_optimizer is None. Given.

    Returns the mean loss, and in percent how often the first guess and one of the first five is
    right.
    """
    is_train = train_optimizer is not None
    model.train(is_train)
    criterion = torch.nn.CrossEntropyLoss()

    total_loss, top1, top5, total_num, data_bar = 0.0, 0, 0, 0, tqdm(data_loader)
    with torch.set_grad_enabled(is_train):
        for data, target in data_bar:
            data, target = data.to(device), target.to(device)
            out = model(data)
            loss = criterion(out, target)
            if is_train:
                train_optimizer.zero_grad()
                loss.backward()
                train_optimizer.step()

            total_num += len(data)
            total_loss += loss.item() * len(data)
            guesses = out.argsort(dim=-1, descending=True) == target[:, None]
            top1 += guesses[:, :1].any(dim=1).sum().item()
            top5 += guesses[:, :5].any(dim=1).sum().item()
            data_bar.set_description(
                f"{'Train' if is_train else 'Test'} Epoch: [{epoch}/{epochs}] "
                f"Loss: {total_loss / total_num:.4f} "
                f"ACC@1: {100 * top1 / total_num:.2f}% ACC@5: {100 * top5 / total_num:.2f}%"
            )

    return total_loss / total_num, 100 * top1 / total_num, 100 * top5 / total_num


def test(
    model,
    memory_data_loader,
    test_data_loader,
    epoch,
    epochs,
    c,
    temperature=0.5,
    k=200,
    device="cuda",
):
    """Classify by the k nearest images of the memory, nearer ones counting more. Given.

    c: the number of classes. Returns in percent how often the first guess and one of the first
    five is right.
    """
    model.eval()
    with torch.no_grad():
        loader = tqdm(memory_data_loader, desc="Feature extracting")
        bank = torch.cat([model(data.to(device))[0] for data, _, _ in loader], dim=0)  # (M, D)
        labels = torch.tensor(memory_data_loader.dataset.targets, device=bank.device)

        top1, top5, total_num, test_bar = 0, 0, 0, tqdm(test_data_loader)
        for data, _, target in test_bar:
            data, target = data.to(device), target.to(device)
            near, which = (model(data)[0] @ bank.T).topk(k, dim=-1)  # (B, k)
            weights = (near / temperature).exp()
            votes = torch.zeros(len(data), c, device=device, dtype=weights.dtype)
            votes.scatter_add_(1, labels[which], weights)

            total_num += len(data)
            guesses = votes.argsort(dim=-1, descending=True) == target[:, None]
            top1 += guesses[:, :1].any(dim=1).sum().item()
            top5 += guesses[:, :5].any(dim=1).sum().item()
            test_bar.set_description(
                f"Test Epoch: [{epoch}/{epochs}] "
                f"Acc@1: {100 * top1 / total_num:.2f}% Acc@5: {100 * top5 / total_num:.2f}%"
            )

    return 100 * top1 / total_num, 100 * top5 / total_num
