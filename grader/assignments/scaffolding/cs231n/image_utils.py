"""Reading images and getting them into and out of the form that a pretrained network expects."""

import numpy as np

# Mean and standard deviation of the ImageNet training images, per colour, for values in 0..1.
SQUEEZENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
SQUEEZENET_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def blur_image(X):
    """Blur the images X (N, 3, H, W) very slightly; used to smooth generated images."""
    from .fast_layers import conv_forward_fast

    kernel = np.array([[1, 2, 1], [2, 188, 2], [1, 2, 1]]) / 200.0
    w = np.zeros((3, 3, 3, 3))
    w[np.arange(3), np.arange(3)] = kernel
    return conv_forward_fast(X, w, np.zeros(3), {"stride": 1, "pad": 1})[0]


def preprocess_image(img):
    """Normalize an image with values in 0..255 as a pretrained network expects it."""
    return (img.astype(np.float32) / 255.0 - SQUEEZENET_MEAN) / SQUEEZENET_STD


def deprocess_image(img, rescale=False):
    """Turn a normalized image back into uint8; rescale stretches it to the full range first."""
    img = img * SQUEEZENET_STD + SQUEEZENET_MEAN
    if rescale:
        low, high = img.min(), img.max()
        img = (img - low) / ((high - low) or 1.0)
    return np.clip(255 * img, 0.0, 255.0).astype(np.uint8)


def image_from_url(url):
    """The image at an address as an array, or None, with a message, if it cannot be fetched."""
    import io
    import urllib.error
    import urllib.request

    from PIL import Image

    try:
        with urllib.request.urlopen(url) as answer:
            content = answer.read()
    except urllib.error.URLError as error:
        print(f"Could not fetch {url}: {error.reason}")
        return None
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)


def load_image(filename, size=None):
    """An image file as an array; size, if given, becomes the length of its shorter side."""
    from PIL import Image

    with Image.open(filename) as image:
        if size is not None:
            scale = size / min(image.size)
            image = image.resize(tuple(int(length * scale) for length in image.size))
        return np.asarray(image)
