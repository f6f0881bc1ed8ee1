"""A LoRA in training: a small change of a diffusion net that learns a subject or a manner.

LoRA (Hu et al. 2021) adds to each attention matrix a product of two narrow ones; only those learn,
by the library peft. The pictures and their words are encoded once, before the first step. The net
learns what it was made for: to foretell the noise of a picture, or its velocity (Ho et al. 2020,
Salimans & Ho 2022), or, as Stable Diffusion 3 and Flux, the straight way from noise to picture
(Esser et al. 2024, "Scaling Rectified Flow Transformers").

Every random choice of a step follows from (seed, number of the step).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import torch
import torch.nn.functional as F
from diffusers.training_utils import cast_training_params
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from torch import Tensor, nn

from generation.nets.embeddings import encode_words
from generation.nets.pipelines import KINDS
from generation.training.batches import Order
from generation.training.lora.command import LoraSettings
from generation.training.lora.encoding import encode_pictures
from generation.training.parts import Part, Parts

ADAPTER = "learnt"
# The matrices of attention; those named add_ are of the words in Stable Diffusion 3 and Flux.
MATRICES = ("to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj")
GRADIENT_CLIP = 1.0
WARMUP_STEPS = 20
TRAINING_GUIDANCE = 1.0  # Of nets that are told it: pictures as they are, not overdrawn.


class LoraLearner:
    """A pipeline whose net learns a LoRA. steps: how many it has taken."""

    def __init__(
        self,
        settings: LoraSettings,
        pipeline: Any,
        pictures: np.ndarray,
        words: list[str],
    ) -> None:
        """pictures: uint8 [count, edge, edge, 3], none smaller than the settings say."""
        self.settings, self.pipeline, self.size = settings, pipeline, settings.size
        self.device = pipeline.device
        self.kind = KINDS[type(pipeline).__name__]
        self.net: Any = getattr(pipeline, "unet", None) or pipeline.transformer
        self.dtype = self.net.dtype
        self.has_bfloat16 = self.dtype == torch.bfloat16
        with torch.no_grad():
            self.latents = encode_pictures(pipeline, pictures, size=settings.size)
            self.encoded = {one: encode_words(pipeline, one) for one in dict.fromkeys(words)}
        self.words, self.order = words, Order(len(words), seed=settings.seed)
        for part in pipeline.components.values():
            if isinstance(part, nn.Module):
                part.requires_grad_(False)
        torch.manual_seed(settings.seed)
        self.net.add_adapter(
            LoraConfig(r=settings.rank, lora_alpha=settings.rank, target_modules=list(MATRICES)),
            adapter_name=ADAPTER,
        )
        cast_training_params(self.net, dtype=torch.float32)
        # Activations are computed twice instead of being kept: large nets fit no card otherwise.
        self.net.enable_gradient_checkpointing()
        self.optimiser = torch.optim.AdamW(self.parameters(), settings.learning_rate, fused=True)
        self.flow = "FlowMatch" in type(pipeline.scheduler).__name__
        if not self.flow:
            noising = diffusers.DDPMScheduler.from_config(pipeline.scheduler.config)
            self.kept = noising.alphas_cumprod.to(self.device)  # How much of a picture is left.
        self.parts = Parts(range(settings.batch), count=settings.batch)
        self.rng = torch.Generator()
        self.steps = 0

    def parameters(self) -> list[nn.Parameter]:
        return [one for one in self.net.parameters() if one.requires_grad]

    def precision(self) -> AbstractContextManager[object]:
        if not self.has_bfloat16:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def step(self) -> dict[str, Tensor]:
        """Learn from one batch; returns figures for the log."""
        batch = self.settings.batch
        self.rng.manual_seed(self.settings.seed * 1_000_003 + self.steps)
        chosen = [self.order.index(self.steps * batch + row) for row in range(batch)]
        noise = self._send(torch.randn((batch, *self.latents.shape[1:]), generator=self.rng))
        place = self._send(torch.randn(batch, generator=self.rng).sigmoid())
        if not self.flow:
            steps = torch.randint(0, len(self.kept), (batch,), generator=self.rng)
            place = self._send(steps)
        which = self._send(torch.tensor(chosen))

        def work(part: Part) -> Tensor:
            words = [self.encoded[self.words[one]] for one in chosen[part.start : part.stop]]
            loss = self.loss(
                self.latents[part.of(which)], part.of(noise), place=part.of(place), words=words
            )
            (loss * part.share).backward()
            return loss.detach() * part.share

        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * min(1.0, (self.steps + 1) / WARMUP_STEPS)
        losses = self.parts.each(work, begin=self.optimiser.zero_grad)
        norm = nn.utils.clip_grad_norm_(self.parameters(), GRADIENT_CLIP)
        self.optimiser.step()
        self.steps += 1
        return {"loss": torch.stack(losses).sum(), "gradient": norm.detach()}

    def _send(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.device, non_blocking=True)

    def loss(
        self, latents: Tensor, noise: Tensor, *, place: Tensor, words: list[dict[str, Tensor]]
    ) -> Tensor:
        """Return how far the net is from what it should foretell, averaged.

        latents, noise: [count, channels, height, width]. place: where between picture and noise:
        for flow matching 0 to 1, else the number of the step of noising. words: of each picture.
        """
        encoded = {name: torch.cat([one[name] for one in words]) for name in words[0]}
        noisy, time, target = self.question(latents, noise, place)
        with self.precision():
            foretold, target = self._foretell(noisy.to(self.dtype), time, encoded, target)
        return F.mse_loss(foretold.float(), target)

    def question(
        self, latents: Tensor, noise: Tensor, place: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the net is shown, the time it is told [count], and the right answer."""
        config = self.pipeline.scheduler.config
        if self.flow:
            share = _shifted(place, config)
            wide = share[:, None, None, None]
            noisy = (1 - wide) * latents + wide * noise
            return noisy, share * config.num_train_timesteps, noise - latents
        kept = self.kept[place][:, None, None, None]
        answers = {
            "epsilon": noise,
            "v_prediction": kept.sqrt() * noise - (1 - kept).sqrt() * latents,
            "sample": latents,
        }
        noisy = kept.sqrt() * latents + (1 - kept).sqrt() * noise
        return noisy, place, answers[config.prediction_type]

    def _foretell(
        self, noisy: Tensor, time: Tensor, encoded: Mapping[str, Tensor], target: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Ask the net, each kind in its way. Returns its answer, and the target in its layout."""
        prompt, pooled = encoded["prompt_embeds"], encoded.get("pooled_prompt_embeds")
        count, channels, height, width = noisy.shape
        if self.kind.is_packed:
            pack = self.pipeline._pack_latents
            ids = self.pipeline._prepare_latent_image_ids(
                count, height // 2, width // 2, self.device, prompt.dtype
            )
            guidance = None
            if self.net.config.guidance_embeds:
                guidance = torch.full((count,), TRAINING_GUIDANCE, device=self.device)
            answer = self.net(
                hidden_states=pack(noisy, count, channels, height, width),
                timestep=time / 1_000,
                guidance=guidance,
                pooled_projections=pooled,
                encoder_hidden_states=prompt,
                txt_ids=torch.zeros(prompt.shape[1], 3, device=self.device, dtype=prompt.dtype),
                img_ids=ids,
                return_dict=False,
            )[0]
            return answer, pack(target, count, channels, height, width)
        if self.flow:
            return self.net(
                hidden_states=noisy,
                timestep=time,
                encoder_hidden_states=prompt,
                pooled_projections=pooled,
                return_dict=False,
            )[0], target
        added = None
        if pooled is not None:
            # The size that the picture had, where it was cropped, and its size now.
            sizes = torch.tensor([self.size, self.size, 0, 0, self.size, self.size])
            added = {
                "text_embeds": pooled,
                "time_ids": self._send(sizes).to(prompt.dtype).expand(count, -1),
            }
        return self.net(
            noisy, time, encoder_hidden_states=prompt, added_cond_kwargs=added, return_dict=False
        )[0], target

    def state(self) -> dict[str, Any]:
        """Return everything a snapshot needs, as tensors and plain values."""
        return {
            "lora": get_peft_model_state_dict(self.net, adapter_name=ADAPTER),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a snapshot's state, exactly."""
        result = set_peft_model_state_dict(self.net, state["lora"], adapter_name=ADAPTER)
        if result.unexpected_keys:
            raise ValueError("the snapshot is of another net")
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps = state["steps"]

    def write(self, file: Path) -> None:
        """Write the LoRA as a .safetensors file that any program for such nets reads."""
        layers = get_peft_model_state_dict(self.net, adapter_name=ADAPTER)
        layers = {name: value.detach().cpu().contiguous() for name, value in layers.items()}
        if hasattr(self.pipeline, "unet"):
            named = {"unet_lora_layers": convert_state_dict_to_diffusers(layers)}
        else:
            named = {"transformer_lora_layers": layers}
        self.pipeline.save_lora_weights(
            str(file.parent), weight_name=file.name, safe_serialization=True, **named
        )


def _shifted(place: Tensor, config: Any) -> Tensor:
    """The share of noise, with more steps at much noise where the net's sampler has more there."""
    if config.use_dynamic_shifting:
        return place
    return config.shift * place / (1 + (config.shift - 1) * place)
