import pytest

from words.catalogue import Catalogue

ENTRIES = {
    "{name} is exactly {factor} times the reference": "{name} 恰好是参考值的 {factor} 倍",
    "{name} has shape {shape}, {want} was expected": "{name} 的形状是 {shape}，应为 {want}",
    "when {when}: {fact}": "当{when}时：{fact}",
    "pad is 0": "pad 为 0",
    "the batch is empty": "批次为空",
    "{result} is zero everywhere": "{result} 处处为零",
    "{names}: each {reading}": "{names reading}",
    "{first} and {last}": "{first} 和 {last}",
    "{fact} ({file}, line {line}: `{code}`)": "{fact}（{file}，第 {line} 行：`{code}`）",
    "What should {name} do to {names}?": "{name} 对 {names} 应该起什么作用？",
    "{names} changes when {name} changes": "{name} 变化时 {names} 跟着变",
}
FRAMES = ("when {when}: {fact}", "{names}: each {reading}")


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue("zh-Hans", ENTRIES, FRAMES, "、")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the batch is empty", "批次为空"),
        ("dW is exactly 1/N (N = 11) times the reference", "dW 恰好是参考值的 1/N (N = 11) 倍"),
        # A comma inside of a shape does not end it.
        (
            "dx has shape (2, 3), (2, 3, 6, 6) was expected",
            "dx 的形状是 (2, 3)，应为 (2, 3, 6, 6)",
        ),
        # A sentence inside of a sentence, and a space between the two scripts.
        (
            "when pad is 0: dx has shape (2,), (3,) was expected",
            "当 pad 为 0 时：dx 的形状是 (2,)，应为 (3,)",
        ),
        ("when the batch is empty: dx is zero everywhere", "当批次为空时：dx 处处为零"),
        ("dx, dgamma and dbeta: each is zero everywhere", "dx、dgamma 和 dbeta 处处为零"),
        ("What should reg do to loss and dW?", "reg 对 loss 和 dW 应该起什么作用？"),
        # A name is one word.
        ("loss and dW changes when reg changes", "reg 变化时 loss 和 dW 跟着变"),
        # A place ends a sentence, and brackets before it are not part of it.
        (
            "ValueError: shapes (3,4) (5,6) (knn (1).ipynb, line 7: `a[(0]`)",
            "ValueError: shapes (3,4) (5,6)（knn (1).ipynb，第 7 行：`a[(0]`）",
        ),
        # Code is nobody's sentence, whatever stands in it.
        (
            "TypeError: no (cs231n/layers.py, line 7: `f(when x: a and b)`)",
            "TypeError: no（cs231n/layers.py，第 7 行：`f(when x: a and b)`）",
        ),
    ],
)
def test_a_sentence_in_another_language(catalogue: Catalogue, english: str, chinese: str) -> None:
    assert catalogue.of(english) == chinese
    assert catalogue.missing(english) == ()


def test_what_is_not_in_the_catalogue_stays_as_it_is_and_is_told(catalogue: Catalogue) -> None:
    odd = "when pad is 0: nobody has translated this yet"
    assert catalogue.of(odd) == "当 pad 为 0 时：nobody has translated this yet"
    assert catalogue.missing(odd) == ("nobody has translated this yet",)


@pytest.mark.parametrize("name", ["dW", "(2, 3)", "1/N", "grads['W1']", "`a and b`", "np.add.at"])
def test_names_and_code_are_the_same_in_every_language(catalogue: Catalogue, name: str) -> None:
    assert catalogue.of(name) == name
    assert catalogue.missing(name) == ()


def test_an_entry_is_filled_as_it_is(catalogue: Catalogue) -> None:
    assert catalogue.say("when {when}: {fact}", when="pad is 0", fact="x") == "当 pad is 0 时：x"
    assert catalogue.say("{count} of us", count=3) == "3 of us"


def test_a_text_without_end_is_soon_done(catalogue: Catalogue) -> None:
    # Students write these; a pattern must not take longer than the text is long, by much.
    assert catalogue.of("when " * 20_000 + "(" * 20_000)
