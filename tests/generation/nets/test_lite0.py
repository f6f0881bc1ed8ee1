import torch
import torch.nn.functional as F

from generation.nets.lite0 import BATCH_NORM_EPSILON, FoldedConv, Lite0, PerceptualDistance


def make_net(seed=0):
    torch.manual_seed(seed)
    return Lite0().eval()


def test_folding_equals_convolution_followed_by_batch_normalisation():
    torch.manual_seed(0)
    names = {
        "weight": torch.rand(4),
        "bias": torch.randn(4),
        "running_mean": torch.randn(4),
        "running_var": torch.rand(4),
    }
    weights = {
        "conv.weight": torch.randn(4, 3, 3, 3),
        **{f"norm.{name}": value for name, value in names.items()},
    }
    folded = FoldedConv(3, 4, 3)
    folded.fold(weights, "conv", "norm")
    x = torch.randn(2, 3, 8, 8)
    expected = F.batch_norm(
        F.conv2d(x, weights["conv.weight"], None, 1, 1),
        names["running_mean"],
        names["running_var"],
        names["weight"],
        names["bias"],
        eps=BATCH_NORM_EPSILON,
    )
    assert torch.allclose(folded(x), expected, atol=1e-5)


def test_strided_padding_goes_to_the_right_and_the_bottom():
    conv = FoldedConv(1, 1, 3, stride=2)
    conv.weight.fill_(1)
    x = torch.ones(1, 1, 4, 4)
    # The first window lies wholly inside the picture, the last one has lost its right and bottom
    # edge.
    assert conv(x).flatten().tolist() == [9, 6, 6, 4]


def test_features_halve_in_size_and_have_the_papers_channels():
    features = make_net()(torch.zeros(1, 3, 64, 64), (0, 2, 4, 8, 10, 14, 15))
    assert [tuple(f.shape[1:]) for f in features] == [
        (16, 32, 32),
        (24, 16, 16),
        (40, 8, 8),
        (112, 4, 4),
        (112, 4, 4),
        (192, 2, 2),
        (320, 2, 2),
    ]


def test_the_distance_is_zero_for_the_same_picture_and_grows_with_the_change():
    torch.manual_seed(1)
    real = torch.rand(4, 3, 32, 32) * 2 - 1
    distance = PerceptualDistance(make_net(), real)
    noise = torch.randn_like(real)
    same, near, far = (
        distance(real, real),
        distance(real + 0.05 * noise, real),
        distance(real + 0.5 * noise, real),
    )
    assert same == 0 < near < far


def test_the_distance_leads_back_to_the_made_picture():
    real = torch.rand(2, 3, 64, 64) * 2 - 1
    made = (real * 0.5).requires_grad_()
    PerceptualDistance(make_net(), real)(made, real).backward()
    assert made.grad.abs().sum() > 0
