"""Recurrent layers, attention, the contrastive loss and the losses of the adversarial networks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.proof.verify.golden.checksum import Golden, Results, det
from reference import layers
from reference.torch_models import gan
from reference.torch_models.simclr.contrastive import simclr_loss_naive, simclr_loss_vectorized
from reference.torch_models.transformer import MultiHeadAttention, PositionalEncoding

FLOAT32_LIMIT = 1e-6
"""The table of positions is kept in single precision."""


def _rnn() -> Results:
    return _recurrent(layers.rnn_forward, layers.rnn_backward, columns=5)


def _lstm() -> Results:
    return _recurrent(layers.lstm_forward, layers.lstm_backward, columns=20)


def _recurrent(forward: Callable[..., Any], backward: Callable[..., Any], columns: int) -> Results:
    x, h0 = det((2, 4, 3), 0.7), det((2, 5), 0.3)
    Wx, Wh, b = det((3, columns), 1.1), det((5, columns), 1.3, 0.5), det((columns,), 0.2)
    h, cache = forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = backward(det((2, 4, 5), 1.9), cache)
    return {"h": h, "dx": dx, "dh0": dh0, "dWx": dWx, "dWh": dWh, "db": db}


def _word_embedding() -> Results:
    words = np.array([[1, 1, 3], [0, 3, 3]])
    out, cache = layers.word_embedding_forward(words, det((4, 3), 0.7))
    return {"out": out, "dW": layers.word_embedding_backward(det((2, 3, 3), 1.9), cache)}


def _temporal_softmax_loss() -> Results:
    y, mask = np.array([[1, 0, 3], [2, 2, 0]]), np.array([[1, 1, 0], [1, 1, 1]])
    loss, dx = layers.temporal_softmax_loss(det((2, 3, 4), 0.9, 2), y, mask)
    return {"loss": np.array(loss), "dx": dx}


def _positional_encoding() -> Results:
    return {"pe": PositionalEncoding(6).pe[0, :4].numpy()}


def _attention() -> Results:
    attention = MultiHeadAttention(8, 2).double().eval()
    linear = (attention.key, attention.query, attention.value, attention.proj)
    q, kv = _tensor((2, 3, 8), 0.23), _tensor((2, 4, 8), 0.47)
    with torch.no_grad():
        for i, each in enumerate(linear):
            each.weight.copy_(_tensor((8, 8), 0.31 + 0.1 * i, 0.6))
            each.bias.copy_(_tensor((8,), 0.41 + 0.1 * i))
        return {
            "of itself": attention(q, q, q).numpy(),
            "masked": attention(q, q, q, torch.ones(3, 3).tril()).numpy(),
            "of another": attention(q, kv, kv).numpy(),
        }


def _contrastive_loss() -> Results:
    left, right = _tensor((4, 5), 0.7), _tensor((4, 5), 1.3)
    found = {}
    for name, tau in (("tau 0.5", 0.5), ("tau 2", 2.0)):
        found[name] = simclr_loss_vectorized(left, right, tau, "cpu").numpy()
        found[f"{name}, naive"] = simclr_loss_naive(left, right, tau).numpy()
    return found


def _gan_losses() -> Results:
    real, fake = _tensor((6,), 0.9, 2), _tensor((6,), 1.4, 2)
    return {
        "discriminator": gan.discriminator_loss(real, fake).numpy(),
        "generator": gan.generator_loss(fake).numpy(),
        "least-squares discriminator": gan.ls_discriminator_loss(real, fake).numpy(),
        "least-squares generator": gan.ls_generator_loss(fake).numpy(),
    }


def _tensor(*arguments: Any) -> Tensor:
    return torch.from_numpy(det(*arguments))


GOLDEN = (
    Golden(
        "RNN",
        _rnn,
        {
            "h": (9.4244465588, 26.461883082, 0.9818982808, 0.9623146748),
            "dx": (3.4823756491, 13.2055062699, 0.0747672988, 0.325141048),
            "dh0": (-0.4855755741, 1.2740070626, 0.0131478771, 0.144459188),
            "dWx": (-1.8879932973, 6.3712334138, -0.1728384608, -0.6325320815),
            "dWh": (-1.8020171441, 11.0698037039, -0.0542631752, -0.6401068773),
            "db": (0.1268347073, 2.3457789475, 0.2628902381, -0.511856211),
        },
    ),
    Golden(
        "LSTM",
        _lstm,
        {
            "h": (-6.8576429214, 9.422454359, -0.2151083024, -0.3765322752),
            "dx": (0.9980677427, 3.2246736246, 0.049893929, 0.110234146),
            "dh0": (0.3246526161, 0.4782415428, 0.0208255864, -0.0264062542),
            "dWx": (-1.0071926327, 2.6958361275, 0.0472988187, -0.0069039867),
            "dWh": (1.3193738408, 6.4504369422, -0.0100317122, -0.0163473007),
            "db": (0.0261212037, 2.8104796527, -0.0356496786, 0.2038771143),
        },
    ),
    Golden(
        "word embedding",
        _word_embedding,
        {
            "out": (8.217396306, 13.1068323064, 0.3349881502, 0.8545989081),
            "dW": (0.8674785386, 9.5437731622, 0.1498772097, -0.8578692763),
        },
    ),
    Golden(
        "temporal softmax loss",
        _temporal_softmax_loss,
        {
            "loss": (5.5836414695, 5.5836414695, 5.5836414695, 5.5836414695),
            "dx": (0.0, 3.997249695, 0.1644374641, 0.0706219929),
        },
    ),
    Golden(
        "positional encoding",
        _positional_encoding,
        {
            "pe": (10.3017791741, 13.1140578404, 0.0, 0.9999791129),
        },
        limit=FLOAT32_LIMIT,
    ),
    Golden(
        "multi-head attention",
        _attention,
        {
            "of itself": (-5.7150322764, 96.7361695136, 3.7123592789, -2.9794609325),
            "masked": (-6.7847541385, 87.9904492453, 3.3624693377, -2.9794609325),
            "of another": (-5.9378109608, 99.0073648352, 3.5214527025, -3.4775085849),
        },
    ),
    Golden(
        "contrastive loss",
        _contrastive_loss,
        {
            "tau 0.5": (2.7024553223, 2.7024553223, 2.7024553223, 2.7024553223),
            "tau 2": (2.0342097628, 2.0342097628, 2.0342097628, 2.0342097628),
            "tau 0.5, naive": (2.7024553223, 2.7024553223, 2.7024553223, 2.7024553223),
            "tau 2, naive": (2.0342097628, 2.0342097628, 2.0342097628, 2.0342097628),
        },
    ),
    Golden(
        "GAN losses",
        _gan_losses,
        {
            "discriminator": (2.1261079384, 2.1261079384, 2.1261079384, 2.1261079384),
            "generator": (0.7273617649, 0.7273617649, 0.7273617649, 0.7273617649),
            "least-squares discriminator": (2.8016298944, 2.8016298944, 2.8016298944, 2.8016298944),
            "least-squares generator": (1.1914199447, 1.1914199447, 1.1914199447, 1.1914199447),
        },
    ),
)
