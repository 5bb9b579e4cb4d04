"""What right cases have in common and wrong ones do not: right with stride 1, wrong with stride 2."""

from grader.checks.evidence.quantities import plain, quantities
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import Field

NAME = "conditions"


def read(field: Field) -> Reading | None:
    """The one number of the case that decides; silent when two could."""
    if not field.right or not field.wrong:
        return None
    good = [quantities(pair.case) for pair in field.right]
    bad = [quantities(pair.case) for pair in field.wrong]
    deciding = []
    for name in good[0]:
        if all(name in one for one in (*good, *bad)):
            fine, broken = {one[name] for one in good}, {one[name] for one in bad}
            if len(fine) == 1 and not fine & broken:
                deciding.append((name, fine.pop(), sorted(broken)))
    if len(deciding) != 1:
        return None
    name, fine_value, broken_values = deciding[0]
    wrong = " and ".join(plain(value) for value in broken_values)
    says = f"is right when {name} is {plain(fine_value)}, and wrong when it is {wrong}"
    return Reading(says, f"Where does {name} enter your code?")
