"""Readers of the COCO captions and of the image features that go with them."""

import json
import os

import numpy as np

BASE_DIR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "datasets", "coco_captioning")


def load_coco_data(base_dir=BASE_DIR, max_train=None, pca_features=True):
    """Read the data set from the folder base_dir, as a dictionary.

    max_train: if given, so many training captions are drawn at random, with replacement.
    pca_features: whether to take the features that were reduced to 512 numbers, or all 4096.

    Keys, each once for "train" and once for "val":
    train_captions: (M, 17) words as integers; train_image_idxs: (M,) which image each one is of;
    train_features: (I, D), one row for each image; train_urls: (I,) where the images are.
    Keys of the vocabulary: idx_to_word, a list, and word_to_idx, a dictionary.
    """
    import h5py

    data = {}
    with h5py.File(os.path.join(base_dir, "coco2014_captions.h5"), "r") as f:
        for name, values in f.items():
            data[name] = np.asarray(values)

    suffix = "_pca" if pca_features else ""
    for part in ("train", "val"):
        with h5py.File(os.path.join(base_dir, f"{part}2014_vgg16_fc7{suffix}.h5"), "r") as f:
            data[f"{part}_features"] = np.asarray(f["features"])
        with open(os.path.join(base_dir, f"{part}2014_urls.txt")) as f:
            data[f"{part}_urls"] = np.asarray([line.strip() for line in f])

    with open(os.path.join(base_dir, "coco2014_vocab.json")) as f:
        data.update(json.load(f))

    if max_train is not None:
        chosen = np.random.randint(data["train_captions"].shape[0], size=max_train)
        for name in ("train_captions", "train_image_idxs"):
            data[name] = data[name][chosen]
    return data


def decode_captions(captions, idx_to_word):
    """Captions in words: without <NULL>, and up to the first <END>, which stays in the text.

    captions: (N, T) or (T,), words as integers; idx_to_word: the words by number.
    Returns a list of N strings, or one string.
    """
    if captions.ndim == 1:
        return decode_captions(captions[None], idx_to_word)[0]

    texts = []
    for caption in captions:
        words = []
        for number in caption:
            word = idx_to_word[number]
            if word != "<NULL>":
                words.append(word)
            if word == "<END>":
                break
        texts.append(" ".join(words))
    return texts


def sample_coco_minibatch(data, batch_size=100, split="train"):
    """Draw batch_size captions from a part of the data, with replacement.

    split: "train" or "val".
    Returns the captions (N, T), the features of their images (N, D) and the images' addresses (N,).
    """
    chosen = np.random.choice(data[f"{split}_captions"].shape[0], batch_size)
    images = data[f"{split}_image_idxs"][chosen]
    captions = data[f"{split}_captions"][chosen]
    return captions, data[f"{split}_features"][images], data[f"{split}_urls"][images]
