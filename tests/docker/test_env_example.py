from pathlib import Path

from tests.docker.env_example import text


def test_the_example_lists_every_setting_as_it_is() -> None:
    kept = Path(__file__).parents[2].joinpath(".env.example").read_text()
    assert kept == text(), "python -m tests.docker.env_example > .env.example"
