"""Normalisation, convolution, pooling and the update rules."""

from typing import Any

from grader.proof.verify.golden.checksum import Golden, Results, det
from reference import layers, optim


def _batchnorm() -> Results:
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


def _layernorm() -> Results:
    gamma, beta = det((3,), 0.6, off=1.5), det((3,), 0.4)
    out, cache = layers.layernorm_forward(det((6, 3), 1.3, 2, 0.5), gamma, beta, {})
    dx, dgamma, dbeta = layers.layernorm_backward(det((6, 3), 1.7), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def _conv_a() -> Results:
    return _conv((2, 3, 7, 6), (4, 3, 3, 2), {"stride": 2, "pad": 1})


def _conv_b() -> Results:
    return _conv((2, 2, 5, 5), (3, 2, 3, 3), {"stride": 1, "pad": 0})


def _conv(x: tuple[int, ...], w: tuple[int, ...], conv_param: dict[str, int]) -> Results:
    b = det((w[0],), 0.9)
    out, cache = layers.conv_forward_naive(det(x, 0.37), det(w, 0.53), b, conv_param)
    dx, dw, db = layers.conv_backward_naive(det(out.shape, 0.71), cache)
    return {"out": out, "dx": dx, "dw": dw, "db": db}


def _pool_a() -> Results:
    return _pool((2, 2, 7, 6), {"pool_height": 3, "pool_width": 2, "stride": 2})


def _pool_b() -> Results:
    return _pool((1, 2, 5, 5), {"pool_height": 3, "pool_width": 3, "stride": 1})


def _pool(x: tuple[int, ...], pool_param: dict[str, int]) -> Results:
    out, cache = layers.max_pool_forward_naive(det(x, 0.83), pool_param)
    return {"out": out, "dx": layers.max_pool_backward_naive(det(out.shape, 0.71), cache)}


def _spatial_batchnorm() -> Results:
    x = det((2, 3, 4, 3), 0.59, 1.7, 0.3)
    gamma, beta = det((3,), 0.6, off=1.5), det((3,), 0.4)
    out, cache = layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    assert cache is not None
    dx, dgamma, dbeta = layers.spatial_batchnorm_backward(det(x.shape, 0.77), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def _groupnorm() -> Results:
    x = det((2, 6, 3, 2), 0.59, 1.7, 0.3)
    gamma, beta = det((1, 6, 1, 1), 0.6, off=1.5), det((1, 6, 1, 1), 0.4)
    out, cache = layers.spatial_groupnorm_forward(x, gamma, beta, 3, {})
    dx, dgamma, dbeta = layers.spatial_groupnorm_backward(det(x.shape, 0.77), cache)
    return {"out": out, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def _three_steps(rule: optim.UpdateRule, learning_rate: float) -> Results:
    w, dw = det((3, 4), 0.5), det((3, 4), 0.9)
    config: dict[str, Any] = {"learning_rate": learning_rate}
    for _ in range(3):
        w, config = rule(w, dw, config)
    return {"w": w, **config}


def _sgd_momentum() -> Results:
    return _three_steps(optim.sgd_momentum, 1e-2)


def _rmsprop() -> Results:
    return _three_steps(optim.rmsprop, 1e-2)


def _adam() -> Results:
    return _three_steps(optim.adam, 1e-3)


GOLDEN = (
    Golden(
        "batch normalisation",
        _batchnorm,
        {
            "out": (12.2328811151, 38.7424858237, 2.5934343785, -1.9503275205),
            "dx": (0.0, 18.3876971303, 0.9436753495, -0.7820318248),
            "dgamma": (1.5233069681, 2.0286040638, 0.959027996, 0.81692752),
            "dbeta": (-0.2259052728, 1.5796653202, 0.6768800237, -0.5984583105),
            "running_mean": (0.1590103051, 0.1590103051, 0.0773013383, 0.0258390522),
            "running_var": (0.6173584905, 0.6173584905, 0.240095211, 0.2210306051),
            "tested": (98.8132457289, 98.8132457289, 5.5223961454, 3.7294417111),
        },
    ),
    Golden(
        "layer normalisation",
        _layernorm,
        {
            "out": (11.7132322865, 36.3386897912, 2.4615731446, -2.0105003546),
            "dx": (0.0, 13.8122436766, 0.4858533951, 0.2945991022),
            "dgamma": (1.0254091855, 1.7597064309, 0.9175269115, 0.4750308967),
            "dbeta": (-0.2259052728, 1.5796653202, 0.6768800237, -0.5984583105),
        },
    ),
    Golden(
        "convolution, stride 2, pad 1",
        _conv_a,
        {
            "out": (56.0875390526, 295.0899032402, 1.1265217696, 1.7725879027),
            "dx": (-5.8736635381, 115.402272744, 0.3700616304, 0.0562680643),
            "dw": (-0.71063318, 110.7209524074, 2.2041787841, 0.1539085125),
            "db": (2.77533808, 5.0268505339, -1.125756227, 0.0076619781),
        },
    ),
    Golden(
        "convolution, stride 1, pad 0",
        _conv_b,
        {
            "out": (45.9531627925, 242.8657186152, 5.3323017151, -5.8187103659),
            "dx": (0.6290307007, 98.5799721336, 0.4410142416, -0.1339543515),
            "dw": (-3.9482787911, 289.2087405299, 2.8154926951, 7.6300167397),
            "db": (0.5665990818, 0.5665990818, 0.1632773795, 0.2137350048),
        },
    ),
    Golden(
        "max pooling, 3 × 2, stride 2",
        _pool_a,
        {
            "out": (30.2750017914, 30.2750017914, 0.9960239899, 0.9936996093),
            "dx": (0.3284373406, 21.2186681325, 0.0, 0.0),
        },
    ),
    Golden(
        "max pooling, 3 × 3, stride 1",
        _pool_b,
        {
            "out": (17.6148085711, 17.6148085711, 0.9960239899, 0.9773425124),
            "dx": (0.1366647162, 6.3300051538, 0.0, 0.0),
        },
    ),
    Golden(
        "spatial batch normalisation",
        _spatial_batchnorm,
        {
            "out": (48.9315244602, 154.8828927759, 1.9532606046, -2.4110704326),
            "dx": (0.0, 61.3038386969, 0.9677269326, -0.4842281691),
            "dgamma": (2.5121265899, 31.0866202903, 4.8335032711, 11.965870169),
            "dbeta": (0.2362027779, 0.7700750484, -0.0224081932, 0.5031389131),
        },
    ),
    Golden(
        "group normalisation",
        _groupnorm,
        {
            "out": (53.1350174831, 134.2793986573, 1.8279023637, -0.599015235),
            "dx": (0.0, 50.4527513892, 0.455186011, 0.0406420888),
            "dgamma": (2.226685349, 31.1628360469, 5.2759404384, 8.454794305),
            "dbeta": (0.2362027779, 4.6531955791, -0.8069264191, 0.9980100739),
        },
    ),
    Golden(
        "sgd_momentum",
        _sgd_momentum,
        {
            "w": (-0.1035518351, 8.0390408556, 0.435480899, -0.2243849757),
            "velocity": (-0.0202100231, 0.2170257878, -0.0212281593, 0.0265833718),
        },
    ),
    Golden(
        "rmsprop",
        _rmsprop,
        {
            "w": (-0.5195397852, 8.4541019656, 0.2505125331, -0.050502488),
            "cache": (0.1902492358, 0.1902492358, 0.0182245647, 0.0285793681),
        },
    ),
    Golden(
        "adam",
        _adam,
        {
            "w": (-0.0677148483, 8.0022770263, 0.4764255386, -0.2764154982),
            "m": (0.2021002307, 2.1702578781, 0.2122815925, -0.2658337183),
            "v": (0.0191972375, 0.0191972375, 0.001838963, 0.0028838219),
        },
    ),
)
