"""The layers: one file each, a forward and a backward function, under the course's names."""

from reference.layers.affine import affine_backward, affine_forward
from reference.layers.batchnorm import batchnorm_backward, batchnorm_backward_alt, batchnorm_forward
from reference.layers.conv import conv_backward_naive, conv_forward_naive
from reference.layers.dropout import dropout_backward, dropout_forward
from reference.layers.embedding import word_embedding_backward, word_embedding_forward
from reference.layers.groupnorm import spatial_groupnorm_backward, spatial_groupnorm_forward
from reference.layers.layernorm import layernorm_backward, layernorm_forward
from reference.layers.losses import softmax_loss, svm_loss
from reference.layers.lstm import (
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
    sigmoid,
)
from reference.layers.pool import max_pool_backward_naive, max_pool_forward_naive
from reference.layers.relu import relu_backward, relu_forward
from reference.layers.rnn import rnn_backward, rnn_forward, rnn_step_backward, rnn_step_forward
from reference.layers.sandwich import (
    affine_relu_backward,
    affine_relu_forward,
    conv_bn_relu_backward,
    conv_bn_relu_forward,
    conv_relu_backward,
    conv_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from reference.layers.spatial import spatial_batchnorm_backward, spatial_batchnorm_forward
from reference.layers.temporal import (
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
)

__all__ = [
    "affine_backward",
    "affine_forward",
    "affine_relu_backward",
    "affine_relu_forward",
    "batchnorm_backward",
    "batchnorm_backward_alt",
    "batchnorm_forward",
    "conv_backward_naive",
    "conv_bn_relu_backward",
    "conv_bn_relu_forward",
    "conv_forward_naive",
    "conv_relu_backward",
    "conv_relu_forward",
    "conv_relu_pool_backward",
    "conv_relu_pool_forward",
    "dropout_backward",
    "dropout_forward",
    "layernorm_backward",
    "layernorm_forward",
    "lstm_backward",
    "lstm_forward",
    "lstm_step_backward",
    "lstm_step_forward",
    "max_pool_backward_naive",
    "max_pool_forward_naive",
    "relu_backward",
    "relu_forward",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sigmoid",
    "softmax_loss",
    "spatial_batchnorm_backward",
    "spatial_batchnorm_forward",
    "spatial_groupnorm_backward",
    "spatial_groupnorm_forward",
    "svm_loss",
    "temporal_affine_backward",
    "temporal_affine_forward",
    "temporal_softmax_loss",
    "word_embedding_backward",
    "word_embedding_forward",
]
