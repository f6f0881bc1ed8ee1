"""Masters a mix for publication: tone, compression, width, loudness and peaks.

The loudness is -14 LUFS, as streaming services play, with no peak above -1 dBTP.
"""

import numpy as np
import scipy
from scipy.ndimage import minimum_filter1d

from generation.finishing.filters import Band, decibels, equalise, factor
from generation.finishing.loudness import SILENT, integrated_loudness, true_peak, true_peaks

TARGET_LUFS, CEILING_DBTP = -14.0, -1.0
# The limiter aims this far below the ceiling: lossy files come back with peaks up to 0.4 dB higher.
MARGIN = 0.5
WORKING_LUFS = -20.0
SEARCH_STEPS = 6
WIDTH = 1.12
TONE = (
    Band("highpass", 32),
    Band("lowshelf", 110, 1.0, 0.7),
    Band("peak", 320, -1.5, 1.0),
    Band("peak", 3200, 1.0, 0.8),
    Band("highshelf", 9500, 1.8, 0.7),
)
FADE_IN, FADE_OUT = 0.02, 0.6  # Seconds.


def compress(
    audio: np.ndarray,
    *,
    rate: int,
    threshold: float = -20.0,
    ratio: float = 2.2,
    attack: float = 0.015,
    release: float = 0.15,
    knee: float = 6.0,
) -> np.ndarray:
    """Feed-forward compressor with a soft knee, linked across both sides.

    threshold, knee: in dB. attack, release: in seconds. Its gain moves once per millisecond.
    """
    hop = rate // 1000
    count = len(audio) // hop
    if count < 2:
        return audio
    level = 10 * np.log10((audio[: count * hop] ** 2).mean(1).reshape(count, hop).mean(1) + 1e-10)
    over = level - threshold
    bent = np.where(
        over < -knee / 2, 0.0, np.where(over > knee / 2, over, (over + knee / 2) ** 2 / (2 * knee))
    )
    smooth = _follow(
        bent * (1 / ratio - 1), down=np.exp(-1 / (attack * 1000)), up=np.exp(-1 / (release * 1000))
    )
    curve = np.interp(np.arange(len(audio)), np.arange(count) * hop + hop / 2, smooth)
    return audio * (10 ** (curve / 20))[:, None]


def _follow(gains: np.ndarray, *, down: float, up: float) -> np.ndarray:
    """One-pole smoothing with different speeds for falling and rising."""
    smooth = np.empty_like(gains)
    state = 0.0
    for index, gain in enumerate(gains.tolist()):
        share = down if gain < state else up
        state = share * state + (1 - share) * gain
        smooth[index] = state
    return smooth


def limit(
    audio: np.ndarray,
    *,
    rate: int,
    ceiling: float,
    look_ahead: float = 0.005,
    release: float = 0.08,
) -> np.ndarray:
    """Look-ahead limiter on the oversampled peaks.

    ceiling: in dBTP. look_ahead, release: in seconds. The gain is down before a peak comes and
    recovers slowly.
    """
    top = factor(ceiling)
    wanted = np.minimum(1.0, top / np.maximum(true_peaks(audio), 1e-9))
    reach = int(look_ahead * rate)
    wanted = minimum_filter1d(wanted, 2 * reach + 1)
    hop = 16
    padded = np.pad(wanted, (0, -len(wanted) % hop), constant_values=1.0)
    recovering = _recover(padded.reshape(-1, hop).min(1), share=np.exp(-hop / (release * rate)))
    gain = np.minimum(np.repeat(recovering, hop)[: len(wanted)], wanted)
    window = np.hanning(2 * reach + 1)
    window /= window.sum()
    smooth = scipy.signal.oaconvolve(np.pad(gain, reach, mode="edge"), window, "valid")
    return audio * np.minimum(smooth, 1.0)[:, None]


def _recover(wanted: np.ndarray, *, share: float) -> np.ndarray:
    gains = np.empty_like(wanted)
    state = 1.0
    for index, gain in enumerate(wanted.tolist()):
        state = min(gain, share * state + 1 - share)
        gains[index] = state
    return gains


def widen(audio: np.ndarray, amount: float) -> np.ndarray:
    """Scale the difference of the sides; their sum stays."""
    middle, side = (audio[:, :1] + audio[:, 1:]) / 2, (audio[:, :1] - audio[:, 1:]) / 2 * amount
    return np.concatenate([middle + side, middle - side], axis=1)


def master(
    audio: np.ndarray, *, rate: int, target: float = TARGET_LUFS, ceiling: float = CEILING_DBTP
) -> tuple[np.ndarray, dict[str, float]]:
    """Master a stereo mix [samples, 2] -> (float32 [samples, 2], figures).

    Figures: LUFS and true peak before and after. A silent mix stays silent.
    """
    mixed = audio.astype(np.float64)
    before = integrated_loudness(mixed, rate=rate)
    if before <= SILENT:
        return audio.astype(np.float32), {"lufs": SILENT, "true_peak": SILENT, "mix_lufs": SILENT}
    shaped = equalise(mixed * factor(WORKING_LUFS - before), TONE, rate=rate)
    shaped = _fade(widen(compress(shaped, rate=rate), WIDTH), rate=rate)
    limited, gain = _limit_to_loudness(shaped, rate=rate, target=target, ceiling=ceiling)
    # The limiter's smoothed gain can leave a peak slightly above the ceiling; scaling removes it.
    excess = max(0.0, true_peak(limited) - (ceiling - MARGIN / 2))
    finished = (limited * factor(-excess)).astype(np.float32)
    figures = {
        "lufs": round(integrated_loudness(finished, rate=rate), 2),
        "true_peak": round(true_peak(finished), 2),
        "mix_lufs": round(before, 2),
        "gain": round(gain, 2),
        "peak": round(decibels(float(np.abs(finished).max())), 2),
    }
    return finished, figures


def _limit_to_loudness(
    audio: np.ndarray, *, rate: int, target: float, ceiling: float
) -> tuple[np.ndarray, float]:
    """The audio limited so that it has the target loudness, and the gain in dB that it took."""
    gain = target - integrated_loudness(audio, rate=rate)
    limited = audio
    for _ in range(SEARCH_STEPS):
        limited = limit(audio * factor(gain), rate=rate, ceiling=ceiling - MARGIN)
        missing = target - integrated_loudness(limited, rate=rate)
        if abs(missing) < 0.1:
            break
        gain += missing
    return limited, gain


def _fade(audio: np.ndarray, *, rate: int) -> np.ndarray:
    """Fade in without a click and fade out to silence."""
    faded = audio.copy()
    start, end = min(int(FADE_IN * rate), len(audio)), min(int(FADE_OUT * rate), len(audio))
    faded[:start] *= np.linspace(0, 1, start)[:, None]
    faded[len(faded) - end :] *= (np.linspace(1, 0, end) ** 1.5)[:, None]
    return faded
