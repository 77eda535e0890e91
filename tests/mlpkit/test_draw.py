"""Draw a digit: strokes become the image a network knows, and the pad follows the mouse."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.datasets import load_digits, load_mnist
from mlpkit.drawing import EXAMPLES, FORMS, drawn_image, preprocess, rasterise
from mlpkit.explorers.draw import draw_digit, in_words
from mlpkit.network import MLP
from mlpkit.plots.drawing import probabilities_figure
from mlpkit.training import accuracy, sgd

needs_mnist = pytest.mark.skipif(
    not os.environ.get("MLPKIT_DATA"), reason="$MLPKIT_DATA names no folder with MNIST"
)


@pytest.fixture(scope="module")
def digits_network():
    data = load_digits()
    options = {"learning_rate": 0.1, "epochs": 15, "batch_size": 32}
    return sgd(MLP(64, 64, 10), data.X_train, data.y_train, **options)[0]


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def mnist_network(mnist):
    network = MLP(784, 100, 10, dtype=np.float32)
    return sgd(network, mnist.X_train, mnist.y_train, learning_rate=0.1, epochs=2, batch_size=32)[0]


def moved(image, times, above, left):
    """An image drawn larger, somewhere else on a larger sheet."""
    large = np.kron(image, np.ones((times, times)))
    return np.pad(large, ((above, 20), (left, 50)))


@needs_mnist
def test_a_test_image_drawn_larger_and_off_centre_comes_back_pixel_by_pixel(mnist):
    for image in mnist.X_test[:200].reshape(-1, 28, 28).astype(np.float64):
        np.testing.assert_allclose(preprocess(moved(image, 3, 40, 7)), image, atol=1e-12)


@needs_mnist
def test_every_example_is_recognised_by_a_network_trained_on_mnist(mnist_network):
    images = np.array([drawn_image(strokes) for strokes in EXAMPLES])
    np.testing.assert_array_equal(mnist_network.predict(images), np.arange(10))


@needs_mnist
def test_the_size_and_place_of_a_drawing_do_not_matter(mnist_network):
    for strokes in EXAMPLES:
        other = [90 + 35 * np.array(stroke) for stroke in strokes]
        np.testing.assert_allclose(drawn_image(other), drawn_image(strokes), atol=1e-9)


@needs_mnist
def test_drawings_have_as_much_ink_as_mnist(mnist):
    mean = [drawn_image(strokes).mean() for strokes in EXAMPLES]
    theirs = [mnist.X_train[mnist.y_train == k].mean() for k in range(10)]
    np.testing.assert_allclose(mean, theirs, rtol=0.2)


def test_small_digits_lose_little_accuracy_on_their_way_through(digits_network):
    data = load_digits()
    images = [preprocess(moved(x.reshape(8, 8), 5, 3, 30), FORMS[64]).ravel() for x in data.X_test]
    before = accuracy(digits_network, data.X_test, data.y_test)
    assert before > 0.95
    assert accuracy(digits_network, np.array(images), data.y_test) > before - 0.04


def test_without_mnist_most_examples_are_recognised_as_small_digits(digits_network):
    images = np.array([drawn_image(strokes, 64) for strokes in EXAMPLES])
    assert np.sum(digits_network.predict(images) == np.arange(10)) >= 8


points = st.tuples(st.floats(0, 240), st.floats(0, 240))
drawings = st.lists(st.lists(points, min_size=1, max_size=12), min_size=1, max_size=3)


@given(strokes=drawings, d=st.sampled_from(sorted(FORMS)))
def test_any_drawing_fits_its_image_and_is_centred(strokes, d):
    image, form = drawn_image(strokes, d), FORMS[d]
    assert image.shape == (d,) and image.min() >= 0 and 0 < image.max() <= 1 + 1e-12
    square = image.reshape(form.side, form.side)
    rows = np.flatnonzero(square.any(axis=1))
    assert rows[-1] - rows[0] < form.box
    if d == 784:
        at = np.arange(28)
        centre = square.sum(axis=1) @ at / image.sum(), square.sum(axis=0) @ at / image.sum()
        np.testing.assert_allclose(centre, form.centre, atol=0.51)


def test_a_line_is_as_wide_as_the_pen_and_ends_in_half_circles():
    ink = rasterise([[(0, 0), (0, 10)]], pen=0.2, size=100)
    assert ink[50].sum() == pytest.approx(20, abs=0.1)
    assert ink.sum() == pytest.approx(80 * 20 + np.pi * 100, rel=0.01)


def test_one_point_makes_a_dot_and_nothing_makes_nothing():
    assert rasterise([[(3, 4)]], pen=0.2, size=100).sum() == pytest.approx(np.pi * 100, rel=0.01)
    assert not drawn_image([]).any()


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match="each stroke must have shape"):
        rasterise([[1, 2, 3]])
    with pytest.raises(ValueError, match=r"d must be 784 \(MNIST\) or 64 \(small digits\), got 99"):
        drawn_image([[(0, 0)]], d=99)
    with pytest.raises(ValueError, match="d must be"):
        draw_digit(MLP(5, 3, 10))


def test_the_figure_marks_the_likeliest_digit_by_more_than_colour():
    figure = probabilities_figure(np.zeros(784), np.eye(10)[7])
    texts = [text.get_text() for text in figure.parts["texts"]]
    assert texts[7] == "100% ←" and sum("←" in text for text in texts) == 1
    assert probabilities_figure(np.ones(784), np.zeros(10), figure=figure) is figure
    assert not any("←" in text.get_text() for text in figure.parts["texts"])
    assert figure.parts["image"].get_array().min() == 1


def test_words_name_two_guesses():
    probabilities = np.array([0, 0.04, 0, 0, 0, 0, 0, 0.96, 0, 0])
    assert in_words(probabilities) == "This looks like a 7 (96%); second guess 1 (4%)."
    assert in_words(np.zeros(10)) == "Nothing is drawn yet."


def told(explorer, **move):
    """Tell an explorer what its page tells it."""
    explorer._answer(None, {"move": move, "asked": 1}, [])


def test_the_picture_and_the_words_follow_a_stroke_while_it_is_drawn():
    explorer, seen = draw_digit(MLP(64, 8, 10), example=None), []
    figure = explorer.figure
    assert "Nothing" in explorer.words
    for end in (0.4, 0.6, 0.9):
        told(explorer, strokes=[[[0.2, 0.2], [0.3, end]]])
        seen.append(explorer.svg)
    assert len(set(seen)) == 3 and explorer.figure is figure
    assert explorer.values["strokes"] == (((0.2, 0.2), (0.3, 0.9)),)
    assert "This looks like" in explorer.words


@pytest.mark.parametrize("digit", ["0", "3", "9"])
def test_clear_wipes_the_pad_and_an_example_fills_it(digit):
    explorer = draw_digit(MLP(64, 8, 10), example=int(digit))
    strokes, svg = explorer.values["strokes"], explorer.svg
    assert len(strokes) == len(EXAMPLES[int(digit)])
    told(explorer, strokes=[])
    assert explorer.values == {"strokes": (), "example": "none"}
    assert "Nothing" in explorer.words and explorer.svg != svg
    explorer.move(example=digit)
    assert explorer.svg == svg and explorer.values["strokes"] == strokes
    explorer.move(example="none")
    assert explorer.values["strokes"] == ()


def test_a_stroke_takes_the_place_of_an_example():
    explorer = draw_digit(MLP(64, 8, 10), example=3)
    told(explorer, strokes=[[[0.1, 0.1]]])
    assert explorer.values == {"strokes": (((0.1, 0.1),),), "example": "none"}
