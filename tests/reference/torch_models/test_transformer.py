"""Positional encoding and attention: the notebook's numbers, golden numbers, torch's own."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from reference.torch_models.device import seeded
from reference.torch_models.transformer import MultiHeadAttention, PositionalEncoding

Det = Callable[..., Tensor]


def checksum(out: Tensor) -> tuple[float, ...]:
    flat = out.detach().flatten()
    return flat.sum().item(), flat.abs().sum().item(), flat[0].item(), flat[-1].item()


def test_golden_positional_encoding() -> None:
    due = (10.3017791741, 13.1140578404, 0.0, 0.9999791129)
    assert checksum(PositionalEncoding(6).pe[0, :4].double()) == pytest.approx(due, abs=1e-6)


def test_rows_of_the_encoding() -> None:
    rows = PositionalEncoding(6).pe[0, :2]
    due = torch.tensor(
        [[0, 1, 0, 1, 0, 1], [0.841471, 0.540302, 0.046399, 0.998923, 0.002154, 0.999998]]
    )
    torch.testing.assert_close(rows, due, rtol=0, atol=1e-6)


def test_moving_on_is_the_same_rotation_everywhere() -> None:
    pe = PositionalEncoding(32, max_len=100).pe[0].double()
    hands = torch.complex(pe[:, 1::2], pe[:, ::2])
    turns = hands[7:] / hands[:-7]
    torch.testing.assert_close(turns, turns[:1].expand_as(turns), rtol=0, atol=1e-5)


def test_encoding_of_the_notebook() -> None:
    torch.manual_seed(231)
    encoding = PositionalEncoding(6).eval()
    out = encoding(torch.randn(1, 2, 6))
    due = torch.tensor(
        [
            [-1.1106, 1.0014, 1.5280, -0.0778, -0.6964, 1.1455],
            [0.8125, -0.4303, 0.4981, 0.7320, 1.1380, 1.5331],
        ]
    )
    torch.testing.assert_close(out[0], due, rtol=0, atol=6e-5)


def test_the_encoding_is_not_learned_and_not_changed() -> None:
    encoding = PositionalEncoding(4, max_len=5)
    assert list(encoding.parameters()) == []
    assert dict(encoding.named_buffers())["pe"].shape == (1, 5, 4)
    x = torch.zeros(2, 3, 4)
    encoding(x)
    assert not x.any()


def test_dropout_covers_the_sum() -> None:
    encoding = PositionalEncoding(6, dropout=0.5)
    x = torch.full((1, 50, 6), 10.0)
    with seeded(0):
        out = encoding(x)
    dropped = out == 0
    assert 0.3 < dropped.float().mean() < 0.7
    torch.testing.assert_close(out[~dropped], (2 * (x + encoding.pe[:, :50]))[~dropped])


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="must be even"):
        PositionalEncoding(5)
    with pytest.raises(ValueError, match="multiple of num_heads"):
        MultiHeadAttention(8, 3)


def golden_attention(det: Det) -> MultiHeadAttention:
    attention = MultiHeadAttention(8, 2).double().eval()
    layers = (attention.key, attention.query, attention.value, attention.proj)
    with torch.no_grad():
        for i, layer in enumerate(layers):
            layer.weight.copy_(det((8, 8), 0.31 + 0.1 * i, 0.6))
            layer.bias.copy_(det((8,), 0.41 + 0.1 * i))
    return attention


def test_golden_attention(tdet: Det) -> None:
    attention = golden_attention(tdet)
    q, kv = tdet((2, 3, 8), 0.23), tdet((2, 4, 8), 0.47)
    mask = torch.ones(3, 3).tril()
    due = {
        attention(q, q, q): (-5.7150322764, 96.7361695136, 3.7123592789, -2.9794609325),
        attention(q, q, q, mask): (-6.7847541385, 87.9904492453, 3.3624693377, -2.9794609325),
        attention(q, kv, kv): (-5.9378109608, 99.0073648352, 3.5214527025, -3.4775085849),
    }
    for out, numbers in due.items():
        assert checksum(out) == pytest.approx(numbers, rel=0, abs=6e-11)


def test_attention_of_the_notebook() -> None:
    torch.manual_seed(231)
    attention = MultiHeadAttention(8, 2).eval()
    words = torch.randn(1, 3, 8)
    mask = torch.randn(3, 3) < 0.5
    others = torch.randn(1, 3, 8)
    due = {
        attention(words, words, words): [
            -0.1030, 0.2090, 0.7481, -0.4116, -0.2772, 0.2357, -0.2740, -0.2798,
        ],
        attention(words, words, words, mask): [-0.1209, 0.1806, 0.8056],
        attention(words, others, others): [-0.1965, 0.0702, 0.5227],
    }  # fmt: skip
    for out, start in due.items():
        torch.testing.assert_close(out[0, 0, : len(start)], torch.tensor(start), rtol=0, atol=6e-5)


@pytest.mark.parametrize("shape", [(1, 1, 1, 4, 1), (2, 5, 3, 6, 3), (3, 4, 7, 15, 5)])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_that_of_torch(
    shape: tuple[int, ...], masked: bool, device: torch.device
) -> None:
    N, S, T, E, H = shape
    with seeded(sum(shape)):
        attention = MultiHeadAttention(E, H).double().eval().to(device)
        query = torch.randn(N, S, E, dtype=torch.float64).to(device)
        memory = torch.randn(2, N, T, E, dtype=torch.float64).to(device)
        mask = (torch.rand(S, T) < 0.5).to(device) if masked else None
    if mask is not None:
        mask[:, 0] = True

    def cut(x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], H, E // H).transpose(1, 2)

    due = F.scaled_dot_product_attention(
        cut(attention.query(query)),
        cut(attention.key(memory[0])),
        cut(attention.value(memory[1])),
        attn_mask=mask,
    )
    out = attention(query, memory[0], memory[1], mask)
    torch.testing.assert_close(out, attention.proj(due.transpose(1, 2).reshape(N, S, E)))


def test_a_blocked_key_is_not_seen(tdet: Det) -> None:
    attention = golden_attention(tdet)
    q, kv = tdet((2, 3, 8), 0.23), tdet((2, 4, 8), 0.47)
    mask = torch.tensor([[1, 1, 0, 1], [1, 0, 1, 1], [1, 1, 1, 1]])
    changed = kv.clone()
    changed[:, 2] += 1
    before, after = attention(q, kv, kv, mask), attention(q, changed, changed, mask)
    assert torch.equal(before[:, 0], after[:, 0])
    assert not torch.isclose(before[:, 1:], after[:, 1:]).all(dim=2).any()


def test_keys_have_no_order(tdet: Det) -> None:
    attention = golden_attention(tdet)
    q, kv = tdet((2, 3, 8), 0.23), tdet((2, 4, 8), 0.47)
    torch.testing.assert_close(attention(q, kv.flip(1), kv.flip(1)), attention(q, kv, kv))


def test_dropout_is_on_the_weights_and_in_training_only() -> None:
    with seeded(0):
        attention = MultiHeadAttention(8, 2, dropout=0.9)
        x = torch.randn(2, 5, 8)
        assert not torch.equal(attention(x, x, x), attention(x, x, x))
        attention.eval()
        assert torch.equal(attention(x, x, x), attention(x, x, x))
        # With every weight dropped nothing but the last bias is left.
        blind = MultiHeadAttention(8, 2, dropout=1.0)
        torch.testing.assert_close(blind(x, x, x), blind.proj.bias.expand(2, 5, 8))


def test_layers_are_drawn_in_the_order_of_the_course() -> None:
    names = [name for name, _ in MultiHeadAttention(4, 2).named_children()]
    assert names[:4] == ["key", "query", "value", "proj"]
