"""A recurrent variational autoencoder of two-bar melodies: beats in, z, beats out.

After MusicVAE (Roberts, Engel, Raffel, Hawthorne, Eck 2018, "A Hierarchical Latent Vector Model for
Learning Long-Term Structure in Music", ICML): a bidirectional encoder, a conductor that unfolds z
into one plan a beat, and a decoder that writes the sixteenths. Two things differ: the encoder reads
a beat at a time, and the conductor gives every sixteenth a plan of its own, so that the decoder
leans on z more than on what it wrote before.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.nets.weights import WeightsError, load_net
from generation.refusal import Refused

VOCABULARY = 130
# Stands for "no token before this one", and for a token that is hidden in training.
START = VOCABULARY
BEAT = 4  # Steps in a beat.

N = TypeVar("N", bound=nn.Module)


@dataclass(frozen=True)
class MusicVaeConfig:
    """Sizes. `beats` is the length of a segment in quarter notes."""

    beats: int = 8
    z: int = 128
    embedding: int = 48
    encoder: int = 256
    conductor: int = 256
    plan: int = 96
    decoder: int = 320
    dropout: float = 0.1

    @property
    def steps(self) -> int:
        return self.beats * BEAT

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Encoder(nn.Module):
    """Tokens -> mean and log variance of z."""

    def __init__(self, config: MusicVaeConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, config.embedding)
        self.recurrent = nn.GRU(
            BEAT * config.embedding, config.encoder, batch_first=True, bidirectional=True
        )
        self.dropout = nn.Dropout(config.dropout)
        self.to_z = nn.Linear(config.beats * 2 * config.encoder, 2 * config.z)
        with torch.no_grad():
            self.to_z.bias[config.z :] = -1.0

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """tokens: int64 [batch, steps] -> mean, log variance, each [batch, z]."""
        batch, steps = tokens.shape
        beats = self.embedding(tokens).reshape(batch, steps // BEAT, -1)
        states, _ = self.recurrent(beats)
        mean, log_variance = self.to_z(self.dropout(states.reshape(batch, -1))).chunk(2, dim=1)
        return mean, log_variance.clamp(-9.0, 4.0)


class Decoder(nn.Module):
    """The conductor plans every sixteenth from z; the decoder writes tokens by the plans.

    Each token depends on its plan and on the token before it.
    """

    def __init__(self, config: MusicVaeConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Linear(config.z, config.conductor)
        self.beat_position = nn.Parameter(torch.randn(config.beats, 32) * 0.3)
        self.conductor = nn.GRU(config.z + 32, config.conductor, batch_first=True)
        self.plan = nn.Linear(config.conductor + config.z, BEAT * config.plan)
        self.begin = nn.Linear(config.z, config.decoder)
        self.embedding = nn.Embedding(VOCABULARY + 1, config.embedding)
        self.recurrent = nn.GRU(config.embedding + config.plan, config.decoder, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.to_token = nn.Linear(config.decoder + config.plan, VOCABULARY)

    def plans(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Unfold z [batch, z].

        Returns plans [batch, steps, plan] and the decoder's first state [1, batch, decoder].
        """
        batch, beats = len(z), self.config.beats
        spread = z[:, None].expand(-1, beats, -1)
        inputs = torch.cat([spread, self.beat_position.expand(batch, -1, -1)], dim=2)
        states, _ = self.conductor(inputs, torch.tanh(self.first(z))[None])
        plans = torch.tanh(self.plan(self.dropout(torch.cat([states, spread], dim=2))))
        return plans.reshape(batch, beats * BEAT, -1), torch.tanh(self.begin(z))[None]

    def logits(self, plans: Tensor, first: Tensor, previous: Tensor) -> Tensor:
        """Score the tokens of all steps at once, [batch, steps, VOCABULARY].

        previous: the token before each step, int64 [batch, steps].
        """
        states, _ = self.recurrent(torch.cat([self.embedding(previous), plans], dim=2), first)
        return self.to_token(torch.cat([self.dropout(states), plans], dim=2))


class Writer:
    """The decoder one step at a time: the numbers of `Decoder.logits` at a third of the cost.

    What each possible token contributes is multiplied once for all melodies, and what the plans
    contribute once before the first step, so that a step is left with the product of the state
    alone. Weights are kept as the products read them fastest, inputs first. The decoder must not
    change meanwhile.
    """

    @torch.no_grad()
    def __init__(self, decoder: Decoder) -> None:
        self._decoder, size = decoder, decoder.config.embedding
        weight_in, weight, bias_in, bias = decoder.recurrent.all_weights[0]
        # PyTorch's order is reset, update, new; the first two are computed as one.
        self._gates = gates = 2 * decoder.config.decoder
        self._from_token = F.linear(decoder.embedding.weight, weight_in[:, :size])
        self._plan = weight_in[:, size:].t().contiguous()
        self._plan_bias = bias_in + F.pad(bias[:gates], (0, len(bias) - gates))
        self._state_gates = weight[:gates].t().contiguous()
        self._state_new, self._bias_new = weight[gates:].t().contiguous(), bias[gates:]
        out = decoder.to_token.weight.t()
        self._out_state = out[: decoder.config.decoder].contiguous()
        self._out_plan = out[decoder.config.decoder :].contiguous()

    @torch.no_grad()
    def likeliest(self, z: np.ndarray) -> np.ndarray:
        """The likeliest tokens for callers without torch, int64 [batch, steps].

        z: float32 [batch, z].
        """
        points = torch.from_numpy(np.ascontiguousarray(z, dtype=np.float32))
        return self.write(points, likeliest).numpy()

    def write(self, z: Tensor, choose: Callable[[Tensor], Tensor]) -> Tensor:
        """Write melodies token by token, int64 [batch, steps], by a GRU (Cho et al. 2014).

        choose: from scores [batch, VOCABULARY] to the tokens [batch].
        """
        plans, first = self._decoder.plans(z)
        # [steps, batch, ...], so that the rows of a step lie side by side.
        ordered = plans.transpose(0, 1).contiguous()
        from_plan = torch.matmul(ordered, self._plan) + self._plan_bias
        out_plan = torch.matmul(ordered, self._out_plan) + self._decoder.to_token.bias
        state, gates = first[0], self._gates
        token = torch.full((len(z),), START, device=z.device)
        written = []
        for plan, out in zip(from_plan, out_plan, strict=True):
            given = F.embedding(token, self._from_token).add_(plan)
            opened = torch.addmm(given[:, :gates], state, self._state_gates).sigmoid_()
            reset, update = opened.chunk(2, dim=1)
            remembered = torch.addmm(self._bias_new, state, self._state_new)
            new = torch.addcmul(given[:, gates:], reset, remembered).tanh_()
            state = torch.lerp(new, state, update)
            token = choose(torch.addmm(out, state, self._out_state))
            written.append(token)
        return torch.stack(written, dim=1)


class MusicVae(nn.Module):
    """The whole autoencoder; at a site only `decode` (breeding) and `encode` (uploads) are used."""

    def __init__(self, config: MusicVaeConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def forward(
        self, tokens: Tensor, previous: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores under teacher forcing, and the mean and log variance of z.

        noise: standard normal numbers, [batch, z].
        """
        mean, log_variance = self.encoder(tokens)
        z = mean + noise * (log_variance / 2).exp()
        return self.decoder.logits(*self.decoder.plans(z), previous), mean, log_variance

    @torch.no_grad()
    def encode(self, tokens: Tensor) -> Tensor:
        """Return the code of each segment, the mean of its z [batch, z]."""
        return self.encoder(tokens)[0]

    @torch.no_grad()
    def decode(
        self, z: Tensor, *, temperature: float = 0.0, generator: torch.Generator | None = None
    ) -> Tensor:
        """Write melodies token by token, int64 [batch, steps].

        Temperature 0 takes the likeliest token, so it is deterministic.
        """
        writer = Writer(self.decoder)
        if temperature <= 0:
            return writer.write(z, likeliest)
        return writer.write(z, lambda scores: draw(scores / temperature, generator))

    def write(self, z: np.ndarray) -> np.ndarray:
        """See `Writer.likeliest`, which is faster where the weights stay as they are."""
        return Writer(self.decoder).likeliest(z)

    def read(self, tokens: np.ndarray) -> np.ndarray:
        """`encode` for callers without torch: tokens [batch, steps] -> z, float32 [batch, z]."""
        return self.encode(torch.from_numpy(np.asarray(tokens, dtype=np.int64))).numpy()


def load(folder: Path) -> MusicVae:
    """Load the net of a checkpoint folder, ready to use. Raises Refused when it is damaged."""
    return load_music_net(folder, lambda card: MusicVae(MusicVaeConfig(**card["config"])))


def load_music_net(folder: Path, build: Callable[[Mapping[str, Any]], N]) -> N:
    """`weights.load_net` for a music net. Raises Refused when card and weights do not fit."""
    try:
        return load_net(folder, build)
    except WeightsError as error:
        raise Refused(
            "The checkpoint {folder} cannot be loaded. Fetch the repository's copy of it again.",
            folder=folder.name,
        ) from error


def likeliest(scores: Tensor) -> Tensor:
    """The token with the highest score in each row of [batch, VOCABULARY]."""
    return scores.argmax(1)


def draw(scores: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw one token from each row of scores [..., VOCABULARY], by the Gumbel trick."""
    device = generator.device if generator else scores.device
    uniform = torch.rand(scores.shape, generator=generator, device=device).to(scores.device)
    uniform.clamp_(1e-9, 1 - 1e-7)
    return (scores - (-uniform.log()).log()).argmax(-1)


def token_before(tokens: Tensor) -> Tensor:
    """Return for each step the token before it, int64 [batch, steps]; START before the first."""
    return F.pad(tokens[:, :-1], (1, 0), value=START)


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the KL divergence of the codes from N(0, I) in nats, averaged over the batch."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
