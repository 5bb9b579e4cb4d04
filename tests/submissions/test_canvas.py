"""The file names of a Canvas download."""

from submissions.canvas import Attachments, group, is_attachment


def test_names_that_canvas_writes() -> None:
    assert is_attachment("adalovelace_12_100_a2.zip")
    assert is_attachment("adalovelace_LATE_12_100_my_own_a2.zip")
    assert not is_attachment("a2_code_submission.zip")
    assert not is_attachment("Dropout.ipynb")


def test_the_latest_of_each_file_is_kept() -> None:
    names = [
        "ada_12_105_a2-10.zip",
        "ada_12_104_a2-9.zip",
        "ada_12_100_a2.zip",
        "ada_12_101_notes.pdf",
        "ada_13_102_a2.zip",
    ]
    assert group([*names, "unrelated.txt"]) == [
        Attachments("ada", "12", (("a2.zip", names[0]), ("notes.pdf", names[3]))),
        Attachments("ada", "13", (("a2.zip", names[4]),)),
    ]
