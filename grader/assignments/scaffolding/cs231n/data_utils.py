"""Readers of the data sets."""

import os
import pickle

import numpy as np

_DATASETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "datasets")


def _latin1_bytes(text, encoding):
    """Python 3 stores bytes this way in old pickle protocols; no other codec is let in."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f'a bytes entry uses the encoding "{encoding}"')
    return text.encode("latin1")


def _dtype(spec, align=False, copy=False):
    """Old files say 0 and 1 where NumPy now asks for a boolean."""
    return np.dtype(spec, align=bool(align), copy=bool(copy))


_ndarray_rebuild = np.zeros(1).__reduce__()[0]
_ndarray_from_buffer = np.zeros(1).__reduce_ex__(5)[0]

# NumPy 2 moved its internals from numpy.core to numpy._core; files carry either name.
_ALLOWED = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): _dtype,
    ("numpy.core.multiarray", "_reconstruct"): _ndarray_rebuild,
    ("numpy._core.multiarray", "_reconstruct"): _ndarray_rebuild,
    ("numpy.core.numeric", "_frombuffer"): _ndarray_from_buffer,
    ("numpy._core.numeric", "_frombuffer"): _ndarray_from_buffer,
    ("_codecs", "encode"): _latin1_bytes,
}


class _ArrayUnpickler(pickle.Unpickler):
    """Reads arrays, lists, tuples, dictionaries, strings, bytes and numbers; nothing else.

    A pickle may name any function to be called while it is read; only those that rebuild an
    array are known here.
    """

    def find_class(self, module, name):
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"the file holds a {module}.{name}; only plain arrays and containers are read"
            ) from None


def load_pickle(f):
    """The content of the open binary file f; byte strings of Python 2 are read as latin1."""
    return _ArrayUnpickler(f, encoding="latin1").load()


def load_CIFAR_batch(filename):
    """One CIFAR-10 file: images (n, 32, 32, 3) as float64, and labels (n,)."""
    with open(filename, "rb") as f:
        batch = load_pickle(f)
    X = np.asarray(batch["data"]).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype(np.float64)
    return X, np.array(batch["labels"])


def load_CIFAR10(ROOT):
    """The five training files and the test file in the folder ROOT: Xtr, Ytr, Xte, Yte."""
    batches = [load_CIFAR_batch(os.path.join(ROOT, f"data_batch_{b}")) for b in range(1, 6)]
    Xtr = np.concatenate([X for X, _ in batches])
    Ytr = np.concatenate([Y for _, Y in batches])
    Xte, Yte = load_CIFAR_batch(os.path.join(ROOT, "test_batch"))
    return Xtr, Ytr, Xte, Yte


def get_CIFAR10_data(num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True):
    """CIFAR-10 split for training, as a dictionary.

    Keys: X_train, y_train, X_val, y_val, X_test, y_test; images are (n, 3, 32, 32). The
    validation images follow the training images in the files. The mean training image is
    subtracted from all three sets unless subtract_mean is False.
    """
    X, y, X_test, y_test = load_CIFAR10(os.path.join(_DATASETS, "cifar-10-batches-py"))
    end = num_training + num_validation
    images = {
        "X_train": X[:num_training],
        "X_val": X[num_training:end],
        "X_test": X_test[:num_test],
    }
    if subtract_mean:
        mean_image = np.mean(images["X_train"], axis=0)
        images = {name: part - mean_image for name, part in images.items()}
    images = {name: part.transpose(0, 3, 1, 2).copy() for name, part in images.items()}
    return images | {
        "y_train": y[:num_training],
        "y_val": y[num_training:end],
        "y_test": y_test[:num_test],
    }


def _read_lines(*parts):
    with open(os.path.join(*parts)) as f:
        return [line.rstrip("\n") for line in f]


def load_tiny_imagenet(path, dtype=np.float32, subtract_mean=True):
    """TinyImageNet from the folder path; all its variants have the same layout.

    Returns a dictionary: class_names (a list of lists of words), X_train, y_train, X_val, y_val,
    X_test, y_test (None if the test labels are not there) and mean_image; images are
    (n, 3, 64, 64).
    """
    wnids = _read_lines(path, "wnids.txt")
    label_of = {wnid: label for label, wnid in enumerate(wnids)}
    words = dict(line.split("\t") for line in _read_lines(path, "words.txt"))
    class_names = [[word.strip() for word in words[wnid].split(",")] for wnid in wnids]

    def read_images(folder, names):
        return np.stack([_image_planes(os.path.join(folder, name)) for name in names]).astype(dtype)

    X_parts, y_parts = [], []
    for wnid in wnids:
        folder = os.path.join(path, "train", wnid)
        names = [line.split("\t")[0] for line in _read_lines(folder, f"{wnid}_boxes.txt")]
        X_parts.append(read_images(os.path.join(folder, "images"), names))
        y_parts.append(np.full(len(names), label_of[wnid], dtype=np.int64))
    X_train, y_train = np.concatenate(X_parts), np.concatenate(y_parts)

    rows = [line.split("\t")[:2] for line in _read_lines(path, "val", "val_annotations.txt")]
    X_val = read_images(os.path.join(path, "val", "images"), [name for name, _ in rows])
    y_val = np.array([label_of[wnid] for _, wnid in rows])

    test_folder = os.path.join(path, "test", "images")
    test_names = sorted(os.listdir(test_folder))
    X_test = read_images(test_folder, test_names)
    y_test = None
    if os.path.isfile(os.path.join(path, "test", "test_annotations.txt")):
        rows = [line.split("\t")[:2] for line in _read_lines(path, "test", "test_annotations.txt")]
        wnid_of = dict(rows)
        y_test = np.array([label_of[wnid_of[name]] for name in test_names])

    mean_image = X_train.mean(axis=0)
    if subtract_mean:
        X_train, X_val, X_test = X_train - mean_image, X_val - mean_image, X_test - mean_image
    return {
        "class_names": class_names,
        "X_train": X_train,
        "y_train": y_train,
        "X_val": X_val,
        "y_val": y_val,
        "X_test": X_test,
        "y_test": y_test,
        "mean_image": mean_image,
    }


def _image_planes(filename):
    """One image file as (3, H, W)."""
    from PIL import Image

    with Image.open(filename) as image:
        return np.asarray(image.convert("RGB")).transpose(2, 0, 1)


def load_models(models_dir):
    """Every readable pickle in the folder models_dir, as a dictionary by file name.

    Files with anything but arrays and plain containers in them are passed over.
    """
    models = {}
    for name in sorted(os.listdir(models_dir)):
        with open(os.path.join(models_dir, name), "rb") as f:
            try:
                models[name] = load_pickle(f)
            except pickle.UnpicklingError:
                continue
    return models


def load_imagenet_val(num=None):
    """A handful of ImageNet validation images: X (n, 224, 224, 3), y (n,) and the class names.

    num: how many; None takes all 25. The file imagenet_val_25.npz belongs in the folder datasets.
    """
    filename = os.path.join(_DATASETS, "imagenet_val_25.npz")
    if not os.path.isfile(filename):
        raise FileNotFoundError(f"put imagenet_val_25.npz into {os.path.dirname(filename)}")
    # The class names are stored as a dictionary inside an object array. Such an entry is a
    # pickle, so it is read with the guarded reader above rather than with NumPy's own.
    with np.load(filename, allow_pickle=False) as archive:
        X, y = archive["X"][:num], archive["y"][:num]
        class_names = _object_entry(archive, "label_map")
    return X, y, class_names


def _object_entry(archive, name):
    """The single object that the entry `name` of an .npz archive holds."""
    with archive.zip.open(f"{name}.npy") as f:
        major, _ = np.lib.format.read_magic(f)
        read_header = {
            1: np.lib.format.read_array_header_1_0,
            2: np.lib.format.read_array_header_2_0,
        }[major]
        read_header(f)
        return load_pickle(f).item()
