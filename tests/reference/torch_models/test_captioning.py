"""The decoder and the captions it writes."""

import pytest
import torch
from torch import Tensor, nn

from reference.torch_models import captioning_training
from reference.torch_models.captioning import CaptioningTransformer, captioning_loss
from reference.torch_models.decoder import TransformerDecoder, TransformerDecoderLayer, clones
from reference.torch_models.device import device_of, seeded

WORDS = ("<NULL>", "<START>", "<END>", "a", "cat", "dog", "sees", "the")
VOCABULARY = {word: index for index, word in enumerate(WORDS)}


@pytest.fixture
def model(device: torch.device) -> CaptioningTransformer:
    """A model of random weights, large enough for words to matter, in evaluation mode."""
    with seeded(231):
        model = CaptioningTransformer(VOCABULARY, 5, 12, num_heads=3, max_length=11)
        for p in model.parameters():
            nn.init.normal_(p, std=0.5)
    return model.double().eval().to(device)


@pytest.fixture
def batch(model: CaptioningTransformer) -> tuple[Tensor, Tensor]:
    """Features (3, 5) and captions (3, 7)."""
    with seeded(7):
        features = torch.randn(3, 5, dtype=torch.float64)
        captions = torch.randint(1, len(WORDS), (3, 7))
    return features.to(device_of(model)), captions.to(device_of(model))


def test_clones_start_equal_and_share_nothing() -> None:
    layer = nn.Linear(3, 2)
    copies = clones(layer, 3)
    assert len(copies) == 3
    weights = [layer.weight, *(p for name, p in copies.named_parameters() if "weight" in name)]
    assert all(torch.equal(w, weights[0]) for w in weights)
    assert len({w.data_ptr() for w in weights}) == 4


def test_every_layer_of_the_decoder_runs() -> None:
    with seeded(0):
        decoder = TransformerDecoder(TransformerDecoderLayer(6, 2, dim_feedforward=8), 3).eval()
        words, memory = torch.randn(2, 4, 6), torch.randn(2, 1, 6)
    due = words
    for layer in decoder.layers:
        due = layer(due, memory)
    torch.testing.assert_close(decoder(words, memory), due)
    assert decoder.num_layers == len(decoder.layers) == 3


def test_a_layer_is_that_of_torch() -> None:
    with seeded(0):
        ours = TransformerDecoderLayer(6, 2, dim_feedforward=10).eval()
        words, memory = torch.randn(2, 4, 6), torch.randn(2, 3, 6)
    theirs = nn.TransformerDecoderLayer(6, 2, dim_feedforward=10, batch_first=True).eval()
    state = {k: v for k, v in ours.state_dict().items() if "attn" not in k}
    for name in ("self_attn", "multihead_attn"):
        attention = getattr(ours, name)
        parts = (attention.query, attention.key, attention.value)
        state[f"{name}.in_proj_weight"] = torch.cat([part.weight for part in parts])
        state[f"{name}.in_proj_bias"] = torch.cat([part.bias for part in parts])
        state[f"{name}.out_proj.weight"] = attention.proj.weight
        state[f"{name}.out_proj.bias"] = attention.proj.bias
    theirs.load_state_dict(state)
    allowed = torch.ones(4, 4, dtype=torch.bool).tril()
    torch.testing.assert_close(
        ours(words, memory, allowed), theirs(words, memory, tgt_mask=~allowed)
    )


def test_a_layer_drops_out_in_training_only() -> None:
    with seeded(0):
        layer = TransformerDecoderLayer(6, 2, dim_feedforward=8)
        words, memory = torch.randn(2, 4, 6), torch.randn(2, 1, 6)
        assert not torch.equal(layer(words, memory), layer(words, memory))
        layer.eval()
        assert torch.equal(layer(words, memory), layer(words, memory))


def test_scores_have_one_row_per_word(
    model: CaptioningTransformer, batch: tuple[Tensor, Tensor]
) -> None:
    assert model(*batch).shape == (3, 7, len(WORDS))


@pytest.mark.parametrize("t", range(7))
def test_a_word_does_not_change_what_was_said_before(
    t: int, model: CaptioningTransformer, batch: tuple[Tensor, Tensor]
) -> None:
    features, captions = batch
    other = captions.clone()
    other[:, t] = captions[:, t] % (len(WORDS) - 1) + 1
    before, after = model(features, captions), model(features, other)
    torch.testing.assert_close(before[:, :t], after[:, :t])
    assert not torch.isclose(before[:, t:], after[:, t:]).all(dim=2).any()


def test_the_place_of_a_word_matters(
    model: CaptioningTransformer, batch: tuple[Tensor, Tensor]
) -> None:
    features, captions = batch
    # Without positions a caption of one word repeated would score alike at every place.
    repeated = torch.full_like(captions, VOCABULARY["cat"])
    scores = model(features, repeated)
    assert not torch.isclose(scores[:, 1:], scores[:, :-1]).all(dim=2).any()

    # Two layers tell the order of words from the mask alone: only one of them needs positions.
    del model.transformer.layers[1]
    captions[:, :2] = torch.tensor([VOCABULARY["cat"], VOCABULARY["dog"]])
    swapped = captions.clone()
    swapped[:, :2] = captions[:, :2].flip(1)
    before, after = model(features, captions), model(features, swapped)
    assert not torch.isclose(before[:, 2:], after[:, 2:]).all(dim=2).any()


def test_each_caption_sees_its_own_image(
    model: CaptioningTransformer, batch: tuple[Tensor, Tensor]
) -> None:
    features, captions = batch
    other = features.clone()
    other[1] += 1
    before, after = model(features, captions), model(other, captions)
    torch.testing.assert_close(before[[0, 2]], after[[0, 2]])
    assert not torch.isclose(before[1], after[1]).all(dim=1).any()
    alone = model(features[:1], captions[:1])
    torch.testing.assert_close(alone, before[:1])


def test_a_new_model_is_of_the_course_s_size() -> None:
    with seeded(0):
        model = CaptioningTransformer(VOCABULARY, 5, 12, num_heads=3, max_length=11)
    layer = 8 * (12 * 12 + 12) + (12 * 2048 + 2048 + 2048 * 12 + 12) + 3 * 2 * 12
    ends = (5 * 12 + 12) + 8 * 12 + (12 * 8 + 8)
    assert sum(p.numel() for p in model.parameters()) == 2 * layer + ends
    assert not model.embedding.weight[0].any()
    assert model.output.weight.std().item() == pytest.approx(0.02, rel=0.2)
    assert [name for name, _ in model.named_children()] == [
        "visual_projection", "embedding", "positional_encoding", "transformer", "output",
    ]  # fmt: skip


def test_samples_are_the_likeliest_words(
    model: CaptioningTransformer, batch: tuple[Tensor, Tensor]
) -> None:
    features, _ = batch
    model.train()
    written = model.sample(features.cpu().numpy(), max_length=6)
    assert model.training
    assert written.shape == (3, 6)
    assert (model.sample(features, max_length=6) == written).all()

    model.eval()
    start = torch.full((3, 1), VOCABULARY["<START>"])
    captions = torch.cat((start, torch.from_numpy(written)), dim=1).to(features.device)
    scores = model(features, captions[:, :-1])
    assert torch.equal(scores.argmax(dim=2), captions[:, 1:])


def test_samples_longer_than_the_model_are_refused(model: CaptioningTransformer) -> None:
    with pytest.raises(ValueError, match="at most 11 words, not 12"):
        model.sample(torch.zeros(1, 5), max_length=12)


def test_the_loss_leaves_null_out_and_divides_by_all_places() -> None:
    scores = torch.zeros(2, 3, 4)
    captions = torch.tensor([[1, 2, 0], [3, 0, 0]])
    loss = captioning_loss(scores, captions, null=0)
    assert loss.item() == pytest.approx(3 / 6 * torch.tensor(4.0).log().item())


def test_it_learns_captions_by_heart(device: torch.device) -> None:
    with seeded(231):
        model = CaptioningTransformer(VOCABULARY, 5, 32, num_heads=2, num_layers=1, max_length=5)
        model.to(device)
        features = torch.randn(4, 5)
        captions = torch.tensor(
            [[1, 3, 4, 6, 7, 2], [1, 7, 5, 2, 0, 0], [1, 4, 5, 4, 2, 0], [1, 6, 3, 5, 6, 2]]
        )
        losses = captioning_training.train(
            model, features, captions, learning_rate=5e-3, batch_size=8, epochs=200
        )
    assert losses[0] > 1
    assert sum(losses[-10:]) / 10 < 0.2
    written, due = model.sample(features, max_length=5), captions[:, 1:].numpy()
    assert (written == due)[due > 0].all()


def test_same_seed_same_captions_learned(device: torch.device) -> None:
    def run() -> list[float]:
        with seeded(3):
            model = CaptioningTransformer(VOCABULARY, 5, 8, num_heads=2, max_length=5).to(device)
            captions = torch.randint(1, len(WORDS), (6, 6))
            return captioning_training.train(
                model, torch.randn(6, 5), captions, batch_size=3, epochs=3, seed=4
            )

    assert len(run()) == 6
    assert run() == run()
