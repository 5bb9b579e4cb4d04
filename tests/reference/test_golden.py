"""Golden numbers of automatic differentiation: sum, sum of absolute values, first, last."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference import layers, optim

Array = npt.NDArray[Any]
Det = Callable[..., Array]
Golden = dict[str, tuple[float, float, float, float]]


def affine(det: Det) -> dict[str, Array]:
    out, cache = layers.affine_forward(det((4, 2, 3), 0.7), det((6, 5), 1.1), det((5,), 1.3))
    dx, dw, db = layers.affine_backward(det((4, 5), 1.7), cache)
    return {"out": out, "dx": dx, "dw": dw, "db": db}


def softmax_loss(det: Det) -> dict[str, Array]:
    loss, dx = layers.softmax_loss(det((5, 4), 0.9, 3), np.array([0, 3, 1, 2, 3]))
    return {"loss": np.array(loss), "dx": dx}


def svm_loss(det: Det) -> dict[str, Array]:
    loss, dx = layers.svm_loss(det((5, 4), 0.9, 3), np.array([0, 3, 1, 2, 3]))
    return {"loss": np.array(loss), "dx": dx}


def batchnorm(det: Det) -> dict[str, Array]:
    gamma, beta = det((3,), 0.6, off=1.5), det((3,), 0.4)
    bn_param: dict[str, Any] = {"mode": "train"}
    out, cache = layers.batchnorm_forward(det((6, 3), 1.3, 2, 0.5), gamma, beta, bn_param)
    assert cache is not None
    dx, dgamma, dbeta = layers.batchnorm_backward(det((6, 3), 1.7), cache)
    mean, var = bn_param["running_mean"], bn_param["running_var"]
    bn_param["mode"] = "test"
    tested, _ = layers.batchnorm_forward(det((4, 3), 0.3, off=1), gamma, beta, bn_param)
    return {
        "out": out,
        "dx": dx,
        "dgamma": dgamma,
        "dbeta": dbeta,
        "running_mean": mean,
        "running_var": var,
        "tested": tested,
    }


def layernorm(det: Det) -> dict[str, Array]:
    gamma, beta = det((3,), 0.6, off=1.5), det((3,), 0.4)
    out, cache = layers.layernorm_forward(det((6, 3), 1.3, 2, 0.5), gamma, beta, {})
    dx, dgamma, dbeta = layers.layernorm_backward(det((6, 3), 1.7), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def conv_a(det: Det) -> dict[str, Array]:
    return conv(det, (2, 3, 7, 6), (4, 3, 3, 2), {"stride": 2, "pad": 1})


def conv_b(det: Det) -> dict[str, Array]:
    return conv(det, (2, 2, 5, 5), (3, 2, 3, 3), {"stride": 1, "pad": 0})


def conv(
    det: Det, x: tuple[int, ...], w: tuple[int, ...], conv_param: dict[str, int]
) -> dict[str, Array]:
    b = det((w[0],), 0.9)
    out, cache = layers.conv_forward_naive(det(x, 0.37), det(w, 0.53), b, conv_param)
    dx, dw, db = layers.conv_backward_naive(det(out.shape, 0.71), cache)
    return {"out": out, "dx": dx, "dw": dw, "db": db}


def pool_a(det: Det) -> dict[str, Array]:
    return pool(det, (2, 2, 7, 6), {"pool_height": 3, "pool_width": 2, "stride": 2})


def pool_b(det: Det) -> dict[str, Array]:
    return pool(det, (1, 2, 5, 5), {"pool_height": 3, "pool_width": 3, "stride": 1})


def pool(det: Det, x: tuple[int, ...], pool_param: dict[str, int]) -> dict[str, Array]:
    out, cache = layers.max_pool_forward_naive(det(x, 0.83), pool_param)
    return {"out": out, "dx": layers.max_pool_backward_naive(det(out.shape, 0.71), cache)}


def spatial_batchnorm(det: Det) -> dict[str, Array]:
    x = det((2, 3, 4, 3), 0.59, 1.7, 0.3)
    gamma, beta = det((3,), 0.6, off=1.5), det((3,), 0.4)
    out, cache = layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    assert cache is not None
    dx, dgamma, dbeta = layers.spatial_batchnorm_backward(det(x.shape, 0.77), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def groupnorm(det: Det) -> dict[str, Array]:
    x = det((2, 6, 3, 2), 0.59, 1.7, 0.3)
    gamma, beta = det((1, 6, 1, 1), 0.6, off=1.5), det((1, 6, 1, 1), 0.4)
    out, cache = layers.spatial_groupnorm_forward(x, gamma, beta, 3, {})
    dx, dgamma, dbeta = layers.spatial_groupnorm_backward(det(x.shape, 0.77), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def three_steps(det: Det, rule: optim.UpdateRule, learning_rate: float) -> dict[str, Array]:
    w, dw = det((3, 4), 0.5), det((3, 4), 0.9)
    config: dict[str, Any] = {"learning_rate": learning_rate}
    for _ in range(3):
        w, config = rule(w, dw, config)
    return {"w": w, **config}


def sgd_momentum(det: Det) -> dict[str, Array]:
    return three_steps(det, optim.sgd_momentum, 1e-2)


def rmsprop(det: Det) -> dict[str, Array]:
    return three_steps(det, optim.rmsprop, 1e-2)


def adam(det: Det) -> dict[str, Array]:
    return three_steps(det, optim.adam, 1e-3)


GOLDEN: dict[Callable[[Det], dict[str, Array]], Golden] = {
    affine: {
        "out": (1.9553575098, 43.9504670019, 1.7315751498, -3.0072077596),
        "dx": (-2.9846112099, 25.2686476832, -0.2103459516, 1.607884908),
        "dw": (1.8600263888, 39.6769676767, 1.8676310357, -1.975074983),
        "db": (1.0765053029, 3.8028510725, 1.0220641587, 0.7252306609),
    },
    softmax_loss: {
        "loss": (1.5344924986, 1.5344924986, 1.5344924986, 1.5344924986),
        "dx": (0.0, 1.2926159181, -0.1363070798, -0.1943003353),
    },
    svm_loss: {
        "loss": (2.4620284313, 2.4620284313, 2.4620284313, 2.4620284313),
        "dx": (0.0, 2.4, -0.2, -0.6),
    },
    batchnorm: {
        "out": (12.2328811151, 38.7424858237, 2.5934343785, -1.9503275205),
        "dx": (0.0, 18.3876971303, 0.9436753495, -0.7820318248),
        "dgamma": (1.5233069681, 2.0286040638, 0.959027996, 0.81692752),
        "dbeta": (-0.2259052728, 1.5796653202, 0.6768800237, -0.5984583105),
        "running_mean": (0.1590103051, 0.1590103051, 0.0773013383, 0.0258390522),
        "running_var": (0.6173584905, 0.6173584905, 0.240095211, 0.2210306051),
        "tested": (98.8132457289, 98.8132457289, 5.5223961454, 3.7294417111),
    },
    layernorm: {
        "out": (11.7132322865, 36.3386897912, 2.4615731446, -2.0105003546),
        "dx": (0.0, 13.8122436766, 0.4858533951, 0.2945991022),
        "dgamma": (1.0254091855, 1.7597064309, 0.9175269115, 0.4750308967),
        "dbeta": (-0.2259052728, 1.5796653202, 0.6768800237, -0.5984583105),
    },
    conv_a: {
        "out": (56.0875390526, 295.0899032402, 1.1265217696, 1.7725879027),
        "dx": (-5.8736635381, 115.402272744, 0.3700616304, 0.0562680643),
        "dw": (-0.71063318, 110.7209524074, 2.2041787841, 0.1539085125),
        "db": (2.77533808, 5.0268505339, -1.125756227, 0.0076619781),
    },
    conv_b: {
        "out": (45.9531627925, 242.8657186152, 5.3323017151, -5.8187103659),
        "dx": (0.6290307007, 98.5799721336, 0.4410142416, -0.1339543515),
        "dw": (-3.9482787911, 289.2087405299, 2.8154926951, 7.6300167397),
        "db": (0.5665990818, 0.5665990818, 0.1632773795, 0.2137350048),
    },
    pool_a: {
        "out": (30.2750017914, 30.2750017914, 0.9960239899, 0.9936996093),
        "dx": (0.3284373406, 21.2186681325, 0.0, 0.0),
    },
    pool_b: {
        "out": (17.6148085711, 17.6148085711, 0.9960239899, 0.9773425124),
        "dx": (0.1366647162, 6.3300051538, 0.0, 0.0),
    },
    spatial_batchnorm: {
        "out": (48.9315244602, 154.8828927759, 1.9532606046, -2.4110704326),
        "dx": (0.0, 61.3038386969, 0.9677269326, -0.4842281691),
        "dgamma": (2.5121265899, 31.0866202903, 4.8335032711, 11.965870169),
        "dbeta": (0.2362027779, 0.7700750484, -0.0224081932, 0.5031389131),
    },
    groupnorm: {
        "out": (53.1350174831, 134.2793986573, 1.8279023637, -0.599015235),
        "dx": (0.0, 50.4527513892, 0.455186011, 0.0406420888),
        "dgamma": (2.226685349, 31.1628360469, 5.2759404384, 8.454794305),
        "dbeta": (0.2362027779, 4.6531955791, -0.8069264191, 0.9980100739),
    },
    sgd_momentum: {
        "w": (-0.1035518351, 8.0390408556, 0.435480899, -0.2243849757),
        "velocity": (-0.0202100231, 0.2170257878, -0.0212281593, 0.0265833718),
    },
    rmsprop: {
        "w": (-0.5195397852, 8.4541019656, 0.2505125331, -0.050502488),
        "cache": (0.1902492358, 0.1902492358, 0.0182245647, 0.0285793681),
    },
    adam: {
        "w": (-0.0677148483, 8.0022770263, 0.4764255386, -0.2764154982),
        "m": (0.2021002307, 2.1702578781, 0.2122815925, -0.2658337183),
        "v": (0.0191972375, 0.0191972375, 0.001838963, 0.0028838219),
    },
}


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.__name__)
def test_checksums(case: Callable[[Det], dict[str, Array]], det: Det) -> None:
    results = case(det)
    for name, due in GOLDEN[case].items():
        flat = results[name].ravel()
        got = (flat.sum(), np.abs(flat).sum(), flat[0], flat[-1])
        np.testing.assert_allclose(got, due, rtol=0, atol=6e-11, err_msg=name)
