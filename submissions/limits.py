"""How much of an upload is read."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission; each holds for bytes that were really read, not for headers."""

    # Five notebooks full of saved pictures are about 20 MB; four times that is an accident.
    total_bytes: int = 80 * MIB
    # The largest notebook counted among real submissions has 4 MB.
    notebook_bytes: int = 32 * MIB
    # Source code: the longest module of the course has 60 kB.
    file_bytes: int = 2 * MIB
    # Settings are small; anything larger is a data set in disguise.
    json_bytes: int = 1 * MIB
    # A repository with a data set as pictures stays below this; the walk takes about a second.
    entries: int = 60_000
    # A whole class in one zip: 5,000 students with 100 files each.
    batch_entries: int = 500_000
    # Folders inside folders; the deepest real submission has 9 levels.
    depth: int = 20
    # Linux refuses longer names, and the files are laid out on a disk later.
    path_bytes: int = 1_000
    name_bytes: int = 200
    # Python source and notebooks shrink 3 to 20 times; deflate can do 1,032.
    compression_ratio: int = 200
    # Below this size the ratio says nothing: a small file of blanks shrinks as well as a bomb.
    ratio_from_bytes: int = 1 * MIB
    # A zip inside a submission is held in memory while it is read.
    inner_archive_bytes: int = 64 * MIB
    # Zips beside the work are mostly the course's own starter; more than these are not opened.
    inner_archives: int = 8
    # A zip in a student's zip in a class's zip; what is deeper was not packed by a person.
    archive_levels: int = 2
