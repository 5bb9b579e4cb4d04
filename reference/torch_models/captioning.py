"""Captions for images: a transformer that writes one word after the other.

Source: "Attention Is All You Need", arXiv:1706.03762; the image in place of an encoder's output.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn

from reference.torch_models.decoder import TransformerDecoder, TransformerDecoderLayer
from reference.torch_models.device import device_of
from reference.torch_models.transformer import PositionalEncoding


class CaptioningTransformer(nn.Module):
    """Scores the next word at every place of a caption, given the image and the words so far.

        words  = positional_encoding(embedding(captions))         (N, T, W)
        memory = visual_projection(features)                      (N, 1, W)
        scores = output(transformer(words, memory, tgt_mask))     (N, T, V)

    tgt_mask is lower triangular: a word sees itself and those before it, so that all T
    predictions are trained at once without one of them reading its answer.

    word_to_idx holds "<NULL>", "<START>" and "<END>"; V is its length, W wordvec_dim, D input_dim.
    """

    def __init__(  # noqa: PLR0917 - the course's signature
        self,
        word_to_idx: Mapping[str, int],
        input_dim: int,
        wordvec_dim: int,
        num_heads: int = 4,
        num_layers: int = 2,
        max_length: int = 50,
    ) -> None:
        super().__init__()
        self.vocab_size = len(word_to_idx)
        self.max_length = max_length
        self._null = word_to_idx["<NULL>"]
        self._start = word_to_idx.get("<START>", self._null)

        self.visual_projection = nn.Linear(input_dim, wordvec_dim)
        self.embedding = nn.Embedding(self.vocab_size, wordvec_dim, padding_idx=self._null)
        self.positional_encoding = PositionalEncoding(wordvec_dim, max_len=max_length)
        layer = TransformerDecoderLayer(wordvec_dim, num_heads)
        self.transformer = TransformerDecoder(layer, num_layers)
        self.output = nn.Linear(wordvec_dim, self.vocab_size)
        self.apply(_initialise)

    def forward(self, features: Tensor, captions: Tensor) -> Tensor:
        """Return the scores (N, T, V) of features (N, D) and captions (N, T)."""
        T = captions.shape[1]
        words = self.positional_encoding(self.embedding(captions))
        memory = self.visual_projection(features)[:, None]
        tgt_mask = torch.ones(T, T, dtype=torch.bool, device=captions.device).tril()
        scores: Tensor = self.output(self.transformer(words, memory, tgt_mask=tgt_mask))
        return scores

    def sample(
        self, features: Tensor | npt.NDArray[np.floating], max_length: int = 30
    ) -> npt.NDArray[np.int64]:
        """Write captions (N, max_length), at each place the word with the highest score.

        Starts from "<START>", which is not part of the result; what follows "<END>" means nothing.
        Runs in evaluation mode and leaves the mode as it was. Shapes: features (N, D). Raises
        ValueError if max_length exceeds that of the model.
        """
        if max_length > self.max_length:
            raise ValueError(
                f"this model was made for captions of at most {self.max_length} words, "
                f"not {max_length}; give it a larger max_length"
            )
        mode = self.training
        self.eval()
        with torch.inference_mode():
            images = torch.as_tensor(
                features, dtype=self.output.weight.dtype, device=device_of(self)
            )
            captions = torch.full((len(images), 1), self._start, device=images.device)
            for _ in range(max_length):
                scores = self(images, captions)[:, -1]
                captions = torch.cat((captions, scores.argmax(dim=1, keepdim=True)), dim=1)
        self.train(mode)
        written: npt.NDArray[np.int64] = captions[:, 1:].cpu().numpy()
        return written


def captioning_loss(scores: Tensor, captions_out: Tensor, null: int) -> Tensor:
    """Return the cross-entropy of the next words, those that are null left out.

        loss = 1/(N T) · Σ [captions_out ≠ null] · cross_entropy(scores, captions_out)

    As in the course, the mean is over all N T places, null or not.

    Shapes: scores (N, T, V); captions_out (N, T).
    """
    losses = F.cross_entropy(scores.flatten(0, 1), captions_out.flatten(), reduction="none")
    return (losses * (captions_out.flatten() != null)).mean()


def _initialise(module: nn.Module) -> None:
    """Draw the weights of affine layers and embeddings from normal(0, 0.02²); biases are 0."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        with torch.no_grad():
            module.weight[module.padding_idx] = 0
