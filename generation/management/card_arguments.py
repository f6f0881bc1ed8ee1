"""What every command that makes a species asks for: the words of its card."""

from django.core.management.base import CommandParser


def add_card_arguments(parser: CommandParser) -> None:
    parser.add_argument("--name", required=True, help="what people call the species")
    parser.add_argument("--licence", required=True, help="of the net, such as CC-BY-4.0")
    parser.add_argument("--credit", required=True, help="who made the net")
    parser.add_argument("--description", default="", help="what it makes, in a sentence")
