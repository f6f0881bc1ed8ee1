"""Sheets to judge a picture net by eye while it learns.

Their rows are real pictures, reconstructions, midpoints (raw and tidied), crosses and random ones.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from generation.gene_statistics import fit_statistics
from generation.nets.style_vae import Encoder, to_bytes
from generation.training.pictures.learner import Learner

COLUMNS = 16
RANDOM_ROWS = 2
STRIP_COLUMNS = STRIP_ROWS = 8


def contact_sheet(
    pictures: np.ndarray, *, columns: int, gap: int = 1, enlarge: int = 1
) -> Image.Image:
    """Put pictures, uint8 [count, height, width, 3], on one sheet with white lines between.

    The last row may be shorter.
    """
    count, height, width = pictures.shape[:3]
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), 255, np.uint8)
    for i, picture in enumerate(pictures):
        top, left = gap + i // columns * (height + gap), gap + i % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    image = Image.fromarray(sheet)
    return (
        image.resize((image.width * enlarge, image.height * enlarge), Image.Resampling.NEAREST)
        if enlarge > 1
        else image
    )


@torch.no_grad()
def encode_all(
    encoder: Encoder,
    pictures: np.ndarray,
    *,
    to_tensor: Callable[[np.ndarray], Tensor],
    batch: int = 64,
) -> Tensor:
    """Return the means of the codes of many pictures, [count, n_genes, gene_size] on the CPU."""
    parts = [
        encoder(to_tensor(pictures[i : i + batch]))[0].float().cpu()
        for i in range(0, len(pictures), batch)
    ]
    return torch.cat(parts)


@torch.no_grad()
def learning_sheet(learner: Learner, path: Path, *, has_encoder: bool) -> dict[str, float]:
    """Draw the sheet with the averaged nets and measure them on held-out pictures.

    Returns their PSNR (dB) and their perceptual distance. A plain GAN has no encoder: its sheet
    shows random pictures and their midpoints, and it has no such figures.
    """
    encoder, generator, examples = learner.ema_encoder, learner.ema_generator, learner.examples
    shape = (generator.config.n_genes, generator.config.gene_size)
    if not has_encoder:
        noise = torch.randn(
            RANDOM_ROWS * COLUMNS, *shape, generator=torch.Generator().manual_seed(1)
        )
        codes = noise.to(learner.device)
        drawn = torch.cat([generator(codes), generator((codes[:COLUMNS] + codes[COLUMNS:]) / 2)])
        contact_sheet(to_bytes(drawn), columns=COLUMNS).save(path)
        return {}
    held_out = learner.tensor(examples.held_out[:64])
    made = generator(encoder(held_out)[0])
    figures = {
        "held_out_psnr": peak_signal_to_noise(made, held_out),
        "held_out_perceptual": float(learner.distance(made, held_out)),
    }
    some = examples.pictures[:: max(1, len(examples) // 2_000)]
    genes = encode_all(encoder, some, to_tensor=learner.tensor).flatten(1).numpy()
    statistics = fit_statistics(genes, np.zeros(len(genes)), gene_size=shape[1], anchors=len(genes))
    random = torch.from_numpy(statistics.sample(np.random.default_rng(1), RANDOM_ROWS * COLUMNS))
    half = COLUMNS // 2
    real = torch.cat([learner.tensor(examples.pictures[:half]), held_out[:half]])
    codes = encoder(real)[0]
    other = codes.roll(3, 0)
    is_coarse = torch.arange(shape[0], device=codes.device)[None, :, None] < 2
    midpoints = (codes + other) / 2
    tidied = np.stack([statistics.tidy(row, 1.0) for row in midpoints.flatten(1).cpu().numpy()])
    rows = codes, midpoints, torch.from_numpy(tidied), torch.where(is_coarse, codes, other), random
    painted = [generator(row.to(learner.device).view(-1, *shape)) for row in rows]
    contact_sheet(to_bytes(torch.cat([real, *painted])), columns=len(real)).save(path)
    return figures


def learning_strip(folder: Path, *, size: int) -> Image.Image | None:
    """Draw how a net learnt: the same eight pictures, reconstructed better in every row.

    A row comes from one of a few sheets of the run. Read back from the sheets themselves, whose
    second row holds the reconstructions. None when there are fewer than two.
    """
    chosen = strip_sheets(folder)
    if not chosen:
        return None
    step, columns = size + 1, STRIP_COLUMNS
    strip = Image.new("RGB", (columns * step + 1, len(chosen) * step + 1), (255, 255, 255))
    for i, path in enumerate(chosen):
        with Image.open(path) as sheet:
            strip.paste(sheet.crop((0, step, columns * step + 1, 2 * step)), (0, i * step))
    return strip


def strip_sheets(folder: Path) -> list[Path]:
    """Return the sheets of a run that its strip shows, the earliest first.

    There are none when the run has fewer than two.
    """
    sheets = sorted(set(folder.glob("*.png")) - set(folder.glob("plain-*.png")), key=pictures_seen)
    if len(sheets) < 2:
        return []
    # Most is learnt early, so the rows stand at even ratios of pictures seen, not at even
    # distances.
    counts = np.array([pictures_seen(path) for path in sheets])
    wanted = np.geomspace(max(1, counts[0]), counts[-1], STRIP_ROWS)
    return [
        sheets[place]
        for place in sorted({int(np.abs(counts - count).argmin()) for count in wanted})
    ]


def pictures_seen(sheet: Path) -> int:
    """Return the number of pictures in a sheet's name, PHASE-NUMBER.png."""
    return int(sheet.stem.rsplit("-", 1)[1])


def peak_signal_to_noise(made: Tensor, real: Tensor) -> float:
    """Return the mean over pictures of the PSNR in dB, for values in -1..1."""
    error = ((made.float().clamp(-1, 1) - real) / 2).square().mean((1, 2, 3))
    return float(-10 * error.log10().mean())
