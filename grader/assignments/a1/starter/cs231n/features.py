"""Two features of an image: the directions of its edges, and its hues."""

import numpy as np


def extract_features(imgs, feature_fns, verbose=False):
    """The features of every image, one row per image.

    imgs: (N, H, W, C). feature_fns: a list of functions that take one image, (H, W, C), or (H, W)
    if it has one channel, and return an array (F_i,).
    verbose: whether to print how far it has come.
    Returns an array (N, F_1 + ... + F_k) with the results of all functions side by side.
    """
    num_images = imgs.shape[0]
    if num_images == 0:
        return np.array([])

    # The first image tells how long the features are.
    first = [feature_fn(imgs[0].squeeze()) for feature_fn in feature_fns]
    for feature in first:
        assert feature.ndim == 1, "a feature function returns an array with one axis"

    imgs_features = np.zeros((num_images, sum(feature.size for feature in first)))
    imgs_features[0] = np.hstack(first)
    for i in range(1, num_images):
        image = imgs[i].squeeze()
        imgs_features[i] = np.hstack([feature_fn(image) for feature_fn in feature_fns])
        if verbose and i % 1000 == 999:
            print(f"Done extracting features for {i + 1} / {num_images} images")

    return imgs_features


def rgb2gray(rgb):
    """A gray image (H, W) of a color image (H, W, 3)."""
    return np.dot(rgb[..., :3], [0.299, 0.587, 0.144])


def hog_feature(im):
    """Histograms of oriented gradients: the edges of an image, cell by cell.

    For each cell of 8 x 8 pixels and each of 9 ranges of angles: the mean size of the gradients
    that point that way. See "Histograms of Oriented Gradients for Human Detection", CVPR 2005.

    im: (H, W, 3) or (H, W). Returns an array with 9 numbers for every cell, 144 for an image of
    32 x 32 pixels.
    """
    image = rgb2gray(im) if im.ndim == 3 else im.astype(np.float64)
    rows, columns = image.shape
    cell, orientations = 8, 9

    # Differences to the neighbor on the right, and to the one below.
    gx, gy = np.zeros(image.shape), np.zeros(image.shape)
    gx[:, :-1] = np.diff(image, n=1, axis=1)
    gy[:-1, :] = np.diff(image, n=1, axis=0)
    magnitude = np.sqrt(gx**2 + gy**2)
    angle = np.arctan2(gy, gx + 1e-15) * (180 / np.pi) + 90

    across, down = columns // cell, rows // cell
    histogram = np.zeros((across, down, orientations))
    for i in range(orientations):
        low, high = 180 / orientations * i, 180 / orientations * (i + 1)
        chosen = np.where((low <= angle) & (angle < high) & (angle > 0), magnitude, 0)
        cells = chosen[: down * cell, : across * cell].reshape(down, cell, across, cell)
        histogram[:, :, i] = cells.mean(axis=(1, 3)).T
    return histogram.ravel()


def color_histogram_hsv(im, nbin=10, xmin=0, xmax=255, normalized=True):
    """A histogram of the hues of an image.

    im: (H, W, C) with colors from xmin to xmax. nbin: how many ranges of hues there are.
    normalized: whether the histogram is divided by the number of pixels.
    Returns an array (nbin,).
    """
    bins = np.linspace(xmin, xmax, nbin + 1)
    counts, edges = np.histogram(_hue(im / xmax) * xmax, bins=bins, density=normalized)
    return counts * np.diff(edges)


def _hue(rgb):
    """Where the colors rgb (H, W, 3), 0..1, lie on the color circle: 0 and 1 are red."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    largest, smallest = rgb.max(axis=-1), rgb.min(axis=-1)
    span = np.where(largest > smallest, largest - smallest, 1)
    sector = np.where(
        blue == largest,
        4 + (red - green) / span,
        np.where(green == largest, 2 + (blue - red) / span, (green - blue) / span),
    )
    return np.where(largest > smallest, sector / 6 % 1, 0)
