"""The people of the demo garden who only look, like, follow and collect, and what everybody there
is drawn to. Data only.
"""

from gallery.demo.beds import Gardener

CURATOR = Gardener(
    "alder",
    "Rosalind Alder",
    "I hang the exhibitions here and make the picks. Show me what you are proud of.",
    (),
    (),
)
NEIGHBOURS = (
    CURATOR,
    Gardener(
        "pim",
        "Pim Okafor",
        "Museum guard. I look at things for a living, and then I come here.",
        (),
        (),
    ),
    Gardener("thea", "Thea Brandt", "Knitter. I zoom into every repeat and count.", (), ()),
    Gardener("oskar", "Oskar Vik", "Postcards of lighthouses, mostly. Anything blue.", (), ()),
    Gardener(
        "mina",
        "Mina Castell",
        "I teach eight-year-olds. On Fridays they vote on the portraits.",
        (),
        (),
    ),
    Gardener("dov", "Dov Arlen", "Double bass. Here for the tunes.", (), ()),
    Gardener("lark", "Lark", "Second year of printmaking. Two inks are enough.", (), ()),
    Gardener(
        "hana", "Hana Sorel", "Potter. I want to pick everything up and turn it over.", (), ()
    ),
    Gardener("finn", "Finn Abara", "Dice, maps, and always one more character to play.", (), ()),
    Gardener("greta-moss", "Greta Moss", "Beekeeper. Family trees are half of my work.", (), ()),
    Gardener("yuto", "Yuto Berg", "Typesetter. I like things in rows.", (), ()),
    Gardener("cass", "Cass Whitlow", "Night nurse. Dark pictures, slow tunes.", (), ()),
    Gardener(
        "pavel", "Pavel Roth", "Retired surveyor. I walk every lineage back to the seed.", (), ()
    ),
    Gardener("ilka", "Ilka Dorn", "Patchwork, patience, pink.", (), ()),
    Gardener("bento", "Bento Reis", "I cook with the radio on.", (), ()),
    Gardener("wes", "Wes Tallow", "", (), ()),
)

# User name -> tags of works that this person likes three times as readily.
TASTES: dict[str, tuple[str, ...]] = {
    "marlow": ("kaleidoscope", "enamel", "emblem", "chamber"),
    "kestrel": ("flow", "velvet", "iridescent", "two-inks"),
    "juniper": ("tile", "wallpaper", "stained-glass", "bands"),
    "brook": ("mirror", "portrait", "relief", "folk-band"),
    "saffi": ("pastel", "orange", "iridescent", "lullaby"),
    "umbra": ("night", "stained-glass", "blue", "synth"),
    "tern": ("tune", "folk-band", "flow"),
    "nocturne": ("slow", "lo-fi", "night"),
    "alder": ("kaleidoscope", "portrait", "mirror", "chamber"),
    "pim": ("portrait", "woodcut", "mirror"),
    "thea": ("tile", "wallpaper", "pullover", "fashion"),
    "oskar": ("blue", "teal", "flow"),
    "mina": ("portrait", "objects", "lullaby"),
    "dov": ("tune", "bossa-nova", "chamber"),
    "lark": ("two-inks", "woodcut", "riso-palette"),
    "hana": ("objects", "relief", "enamel"),
    "finn": ("pixel-art",),
    "greta-moss": ("yellow", "orange", "mirror"),
    "yuto": ("wallpaper", "tile", "bands"),
    "cass": ("night", "slow", "lo-fi", "violet"),
    "pavel": ("kaleidoscope", "spiral", "flow"),
    "ilka": ("pink", "fashion", "wallpaper"),
    "bento": ("bossa-nova", "orange", "red"),
    "wes": (),
}
