def three_layer_convnet(x, params):
    """Scores (N, C) of images (N, 3, H, W): conv - ReLU - conv - ReLU - affine."""
    conv_w1, conv_b1, conv_w2, conv_b2, fc_w, fc_b = params
    first = F.relu(F.conv2d(x, conv_w1, conv_b1, padding=2))
    second = F.relu(F.conv2d(first, conv_w2, conv_b2, padding=1))
    return flatten(second) @ fc_w + fc_b
