from grader.sandbox import Limits


def test_the_kernel_is_told_only_what_it_keeps() -> None:
    told = Limits(cpu_seconds=7, memory_mib=300).of_the_kernel()

    assert told == {
        "cpu_seconds": 7, "memory_mib": 300, "file_mib": 16, "open_files": 64, "processes": 64,
    }  # fmt: skip
