import numpy as np
from sklearn.datasets import load_digits

from ganglion.subnets.vision.data import distorted, learning_digits, private_digits


def as_rows(images):
    return {image.tobytes() for image in images}


def test_the_digits_are_scikit_learns():
    images, labels = load_digits(return_X_y=True)
    assert np.array_equal(learning_digits().images, images[:1100])
    assert np.array_equal(learning_digits().labels, labels[:1100])


def test_no_validator_tests_on_digits_meant_for_learning():
    learning = as_rows(learning_digits().images)
    for seed in range(3):
        assert not learning & as_rows(private_digits(seed).images)


def test_validators_with_different_seeds_have_different_private_splits():
    assert as_rows(private_digits(1).images) != as_rows(private_digits(2).images)
    assert as_rows(private_digits(1).images) == as_rows(private_digits(1).images)


def test_no_distorted_image_ever_comes_twice(rng):
    digits = private_digits(1)
    drawn = [digits.drawn(128, rng).images for _ in range(40)]
    assert len(as_rows(np.concatenate(drawn))) == 40 * 128


def test_distortion_keeps_shape_and_grey_levels(rng):
    images = distorted(learning_digits().images, rng)
    assert images.shape == (1100, 64)
    assert images.dtype == np.uint8
    assert images.max() <= 16


def test_distortion_depends_on_its_generator_alone():
    images = learning_digits().images
    same = [distorted(images, np.random.default_rng(4)) for _ in range(2)]
    assert np.array_equal(*same)


def test_a_distorted_digit_is_nearest_to_other_digits_often_enough_to_defeat_a_lookup(rng):
    digits = private_digits(1)
    drawn = digits.drawn(300, rng)
    distance = ((drawn.images[:, None].astype(int) - digits.images[None].astype(int)) ** 2).sum(axis=2)
    found = digits.labels[distance.argmin(axis=1)]
    assert np.mean(found == drawn.labels) < 0.85


def test_labels_stay_with_their_images(rng):
    digits = learning_digits()
    again = digits.augmented(3, rng)
    assert np.array_equal(again.labels.reshape(3, -1), np.tile(digits.labels, (3, 1)))
