"""The named styles and palettes that the finishing steps of pictures offer."""

from generation.words import word

# In the order of the net's outputs. The net gives them no names; these say what they look like.
STYLES = {
    "dawn": word("Dawn"),
    "cut-outs": word("Ink and yellow"),
    "wash": word("Grey wash"),
    "stained-glass": word("Stained glass"),
    "pointillist": word("Points of red"),
    "street": word("Street corner"),
    "blueprint": word("Night engraving"),
    "primaries": word("Red, blue, yellow"),
    "candy": word("Candy pencil"),
    "lino": word("Linocut"),
    "old-master": word("Old master"),
    "etching": word("Sepia etching"),
    "lavender": word("Lavender haze"),
    "mosaic": word("Green mosaic"),
    "mist": word("Morning mist"),
    "wire": word("Coloured wire"),
    "tapestry": word("Blue tapestry"),
    "circuit": word("Red city"),
    "woodcut": word("Woodcut"),
    "starry": word("Starry blue"),
    "embers": word("Embers"),
    "pop": word("Pop"),
    "poster": word("Poster"),
    "charcoal": word("Charcoal"),
    "engraving": word("Blue engraving"),
    "bronze": word("Bronze"),
}

PALETTES: dict[str, tuple[str, ...]] = {
    "riso": ("#1d1a4b", "#0078bf", "#ff665e", "#ffb511", "#f7f1e3"),
    "dusk": ("#1f1b3a", "#5a2a6b", "#c3476c", "#f28a5b", "#fbe3b9"),
    "forest": ("#13241c", "#2d5a41", "#7a9a4f", "#d2b45f", "#f2ead2"),
    "sea": ("#0b2239", "#13577a", "#2f9ca8", "#9ad3c8", "#f4f1de"),
    "bauhaus": ("#191919", "#21409a", "#d7282f", "#f5b700", "#f1ebdd"),
    "blossom": ("#3b1f2b", "#8c3f5d", "#e58ca0", "#f9c9c4", "#fdf3ec"),
    "desert": ("#2e1a12", "#8b4a2b", "#d08a4e", "#e8c48c", "#f7ead0"),
    "mono": ("#141414", "#4a4a4a", "#8a8a8a", "#c8c8c8", "#f5f5f5"),
}
PALETTE_NAMES = {
    "riso": word("Riso"),
    "dusk": word("Dusk"),
    "forest": word("Forest"),
    "sea": word("Sea"),
    "bauhaus": word("Bauhaus"),
    "blossom": word("Blossom"),
    "desert": word("Desert"),
    "mono": word("Mono"),
}
