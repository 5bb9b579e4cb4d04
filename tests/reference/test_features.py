"""Image features: the course's numbers, and simple images whose features are known."""

import colorsys
import logging
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference.features import color_histogram_hsv, extract_features, hog_feature, rgb2gray

Array = npt.NDArray[Any]


def picture() -> Array:
    """A colourful 32 by 32 image."""
    m = np.arange(1, 3073)
    return np.floor(127.5 + 127.5 * np.sin(0.37 * m + 0.002 * m**1.5)).reshape(32, 32, 3)


def test_gray_has_the_courses_weights() -> None:
    np.testing.assert_allclose(rgb2gray(np.eye(3)), [0.299, 0.587, 0.144])
    np.testing.assert_allclose(rgb2gray(np.ones((2, 2, 4))), np.full((2, 2), 1.03))


def test_gradients_are_the_courses() -> None:
    feature = hog_feature(picture())
    assert feature.shape == (144,)
    np.testing.assert_allclose(feature.sum(), 1184.7300053514718)
    np.testing.assert_allclose(feature @ np.arange(1, 145), 85681.50450916355)
    np.testing.assert_allclose(
        feature.reshape(4, 4, 9)[3, 2],
        [
            6.101151047826121, 9.206842720129304, 10.149459459740694, 5.44897889016765,
            4.97581837165616, 2.9112321788329196, 14.26172113068359, 19.067993200584684,
            7.154671800935692,
        ],
    )  # fmt: skip


def test_hues_are_the_courses() -> None:
    np.testing.assert_allclose(
        color_histogram_hsv(picture()),
        [
            0.318359375, 0.1259765625, 0.021484375, 0.0185546875, 0.017578125, 0.3173828125,
            0.126953125, 0.017578125, 0.009765625, 0.0263671875,
        ],
    )  # fmt: skip
    np.testing.assert_allclose(
        color_histogram_hsv(picture(), nbin=5, xmin=51),
        [0.0562390158172232, 0.06678383128295255, 0.7715289982425309, 0.04745166959578208,
         0.05799648506151142],
    )  # fmt: skip
    np.testing.assert_allclose(
        color_histogram_hsv(picture(), nbin=5, xmin=51, normalized=False),
        [1305.6, 1550.4, 17911.2, 1101.6, 1346.4],
    )


@pytest.mark.parametrize(
    ("towards", "expected_bin"),
    # A step to the right and d down is an angle of atan2(d, 1) + 90 degrees.
    [(0.0, 4), (1.0, 6), (-1.0, 2), (10.0, 8), (-10.0, 0)],
)
def test_a_ramp_has_one_direction(towards: float, expected_bin: int) -> None:
    down, right = np.mgrid[:32, :32]
    cells = hog_feature(3.0 * (right + towards * down)).reshape(4, 4, 9)
    interior = cells[:3, :3]
    np.testing.assert_allclose(interior[:, :, expected_bin], 3 * np.hypot(1, towards))
    assert np.count_nonzero(interior) == 9


def test_cells_are_listed_column_by_column() -> None:
    image = np.zeros((16, 24))
    image[8:, 19:] = 5.0
    cells = hog_feature(image).reshape(3, 2, 9)
    assert [tuple(cell) for cell in np.argwhere(cells.sum(axis=2) > 0)] == [(2, 1)]
    np.testing.assert_allclose(cells[2, 1, 4], 8 * 5 / 64)


def test_edges_that_darken_are_not_counted() -> None:
    _, right = np.mgrid[:16, :16]
    assert not hog_feature(-10.0 * right)[: 2 * 9].any()
    assert hog_feature(10.0 * right)[: 2 * 9].any()


def test_edges_straight_across_are_counted_only_if_faint() -> None:
    down, _ = np.mgrid[:16, :16]
    np.testing.assert_allclose(hog_feature(0.01 * down).reshape(2, 2, 9)[:, 0, 8], 0.01)
    assert not hog_feature(100.0 * down).any()


def test_gray_images_of_bytes_do_not_wrap_around() -> None:
    image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(np.uint8)
    np.testing.assert_allclose(hog_feature(image), hog_feature(image.astype(float)))


def test_hues_are_those_of_the_standard_library() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (500, 1, 1, 3))
    for colour in colours:
        red, green, blue = (float(part) / 255 for part in colour.ravel())
        histogram = color_histogram_hsv(colour, nbin=97)
        assert histogram.argmax() == int(97 * colorsys.rgb_to_hsv(red, green, blue)[0])
        np.testing.assert_allclose(histogram.sum(), 1)


def test_gray_pixels_count_as_red() -> None:
    assert color_histogram_hsv(np.full((4, 4, 3), 77.0)).tolist() == [1] + 9 * [0]


def test_features_stand_side_by_side(caplog: pytest.LogCaptureFixture) -> None:
    images = np.stack([picture(), picture()[::-1], 255 - picture()])
    images.flags.writeable = False
    features = extract_features(images, [hog_feature, color_histogram_hsv])
    assert features.shape == (3, 154)
    assert features.dtype == np.float64
    np.testing.assert_array_equal(features[1, :144], hog_feature(images[1]))
    np.testing.assert_array_equal(features[2, 144:], color_histogram_hsv(images[2]))
    assert extract_features(images[:0], [hog_feature]).shape == (0,)

    assert extract_features(images[:, :, :, :1], [hog_feature]).shape == (3, 144)
    with caplog.at_level(logging.INFO):
        extract_features(np.zeros((2001, 1, 1, 3)), [lambda im: im[:2]], verbose=True)
    assert [record.getMessage() for record in caplog.records] == [
        f"features of {done} of 2001 images" for done in (1000, 2000)
    ]
