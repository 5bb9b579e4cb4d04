"""Whole trees that are odd but right, or wrong in one place: one mistake costs one item."""

from collections.abc import Mapping

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.run import Grader
from reporting.report import NOT_RUN

FC_NET, LAYERS = "cs231n/classifiers/fc_net.py", "cs231n/layers.py"

OLD_CONSTRUCTOR = "        normalization = 'batchnorm' if use_batchnorm else None\n"


def short(
    grader: Grader, a2: Assignment, path: str, changes: Mapping[str, str], *, added: str = ""
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The items without full points, when texts of the reference's tree are replaced or added."""
    tree = assembled.perfect(a2)
    text = tree[path].decode()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    report = grader.grade("a tree", tree | {path: (text + added).encode()})
    return {
        i.id.removeprefix("a2."): (i.verdict, i.facts)
        for i in report.items
        if i.points != i.max_points and i.verdict != NOT_RUN and not i.id.startswith("a2.inline.")
    }


def test_a_constructor_without_normalization_costs_what_needs_it(
    grader: Grader, a2: Assignment
) -> None:
    keyword = "        normalization: str | None = None,\n"
    found = short(
        grader,
        a2,
        FC_NET,
        {
            keyword: "        use_batchnorm: bool = False,\n",
            "    ) -> None:\n": f"    ) -> None:\n{OLD_CONSTRUCTOR}",
        },
    )
    assert {name: verdict for name, (verdict, _) in found.items()} == {
        "fc.init": "partial",
        "batchnorm.fc_wiring": "crashed",
        "layernorm.fc_wiring": "crashed",
        "dropout.fc_wiring": "partial",
    }
    assert all(fact.startswith("when normalization is") for fact in found["fc.init"][1])
    assert all("batch normalisation is on too" in fact for fact in found["dropout.fc_wiring"][1])


def test_last_weights_without_a_penalty_cost_one_item(grader: Grader, a2: Assignment) -> None:
    loop = "for layer in range(1, L + 1):\n            W = "
    found = short(grader, a2, FC_NET, {loop: loop.replace("L + 1", "L")})
    assert {name: verdict for name, (verdict, _) in found.items()} == {"fc.backward": "failed"}


def test_gammas_in_the_penalty_cost_the_contract_of_both_wirings(
    grader: Grader, a2: Assignment
) -> None:
    loop = "for layer in range(1, L + 1):\n            W = "
    scales = (
        "for name in [n for n in self.params if n.startswith('gamma')]:\n"
        "            grads[name] += self.reg * self.params[name]\n        "
    )
    found = short(grader, a2, FC_NET, {loop: scales + loop})
    assert {name: verdict for name, (verdict, _) in found.items()} == {
        "batchnorm.fc_wiring": "partial",
        "layernorm.fc_wiring": "partial",
    }
    assert all("what reg adds to grads['gamma1']" in facts[0] for _, facts in found.values())


def test_an_eps_of_ones_own_inside_the_network_is_right(grader: Grader, a2: Assignment) -> None:
    params = {
        '[{"mode": "train"} for': '[{"mode": "train", "eps": 1e-9} for',
        "[{} for": '[{"eps": 1e-8} for',
    }
    assert short(grader, a2, FC_NET, params) == {}


SPATIAL = """

def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    zeros = np.zeros((1, x.shape[1], 1, 1))
    mean, var = bn_param.get("running_mean", zeros), bn_param.get("running_var", zeros)
    if bn_param["mode"] == "train":
        now, spread = (f(x, axis=(0, 2, 3), keepdims=True) for f in (np.mean, np.var))
        bn_param["running_mean"] = momentum * mean + (1 - momentum) * now
        bn_param["running_var"] = momentum * var + (1 - momentum) * spread
        mean, var = now, spread
    out = (x - mean) / np.sqrt(var + eps)
    rows = lambda a: a.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    cache = batchnorm_forward(rows(x), gamma, beta, {"mode": "train", "eps": eps})[1]
    return gamma.reshape(1, -1, 1, 1) * out + beta.reshape(1, -1, 1, 1), cache
"""


def test_averages_kept_as_1_c_1_1_are_right_but_for_their_shape(
    grader: Grader, a2: Assignment
) -> None:
    found = short(grader, a2, LAYERS, {}, added=SPATIAL)
    assert set(found) == {"spatial_batchnorm.forward"}
    verdict, facts = found["spatial_batchnorm.forward"]
    assert verdict == "partial"
    assert any("(1, 3, 1, 1), (3,) was expected; the values are right" in fact for fact in facts)


STRIDE_ONE = """

any_stride = conv_backward_naive


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    if conv_param["stride"] == 1:
        return any_stride(dout, cache)
    return np.zeros_like(x), np.zeros_like(w), dout.sum(axis=(0, 2, 3))
"""


def test_a_convolution_that_goes_back_with_stride_1_alone_fails(
    grader: Grader, a2: Assignment
) -> None:
    found = short(grader, a2, LAYERS, {}, added=STRIDE_ONE)
    assert {name: verdict for name, (verdict, _) in found.items()} == {"conv.backward": "failed"}
