"""Help texts of the sliders of species by formula, by "species.key"; see help_sliders."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FORMULA_SLIDERS: dict[str, Promise] = {
    "patterns.symmetry": gettext_lazy(
        "How strictly the picture mirrors itself. To the right it turns into a kaleidoscope, to the"
        " left it runs freely."
    ),
    "patterns.twist": gettext_lazy(
        "Winds the whole picture around its middle. A little twist brings a stiff pattern to life."
    ),
    "patterns.warp": gettext_lazy(
        "How much the lines bend. To the right they flow like silk, to the left they straighten"
        " out."
    ),
    "patterns.hue": gettext_lazy(
        "Turns all colours around the colour wheel together. Use it when you like the shapes but"
        " want another mood."
    ),
    "patterns.lightness": gettext_lazy(
        "Makes every colour darker or lighter, and leaves the shapes alone."
    ),
    "patterns.bands": gettext_lazy(
        "How often the colours alternate. To the right come stripes, to the left large calm areas."
    ),
    "patterns.relief": gettext_lazy("How deep the surface looks, as if lit from the side."),
    "patterns.gloss": gettext_lazy(
        "Whether the surface is matt like velvet or shiny like lacquer. It needs some relief to"
        " show."
    ),
    "patterns.edge": gettext_lazy(
        "How sharply bands of colour end. To the right they look cut out of paper, to the left they"
        " melt into one another."
    ),
    "patterns.grain": gettext_lazy(
        "How fine the material is: its dots, stitches, lines and panes. On silk, the left end shows"
        " a coarse weave, the right end a fine rib."
    ),
    "flames.turn": gettext_lazy(
        "Turns the maps of the flame against one another. Drag it slowly: the whole form unfolds"
        " anew."
    ),
    "flames.spread": gettext_lazy(
        "How strongly the maps pull together. Tight flames break into small copies, wide ones"
        " overlap."
    ),
    "flames.symmetry": gettext_lazy(
        "How often the flame repeats around its middle: from a free form to a star of eight rays."
    ),
    "flames.zoom": gettext_lazy("Moves closer to the middle of the flame, or further away."),
    "flames.lens": gettext_lazy(
        "Looks at the flame through glass: to the right as on a bubble, to the left turned inside"
        " out."
    ),
    "flames.hue": gettext_lazy("Turns all colours around the colour wheel together."),
    "flames.ground": gettext_lazy(
        "Light on a dark ground to the left, ink on a light ground to the right."
    ),
    "flames.vibrancy": gettext_lazy("Makes the colours muted or vivid."),
    "flames.brightness": gettext_lazy(
        "Makes the flame glow stronger; on a light ground, makes its ink paler."
    ),
    "flames.gamma": gettext_lazy(
        "How much the faintest veils show. To the left only the brightest threads stay."
    ),
    "brushwork.horizon": gettext_lazy("Raises or lowers the land and the water together."),
    "brushwork.hills": gettext_lazy("Whether the land lies flat or rises in waves."),
    "brushwork.grass": gettext_lazy(
        "To the right, strokes stand upright on the land like grass; to the left, they lie along"
        " it."
    ),
    "brushwork.water": gettext_lazy(
        "To the right, the lower part becomes water that mirrors what stands above it."
    ),
    "brushwork.sun": gettext_lazy(
        "The size of the sun or moon. All the way to the left there is none."
    ),
    "brushwork.figures": gettext_lazy(
        "Makes figures grow or shrink. Small ones vanish to the left, new ones come up to the"
        " right."
    ),
    "brushwork.tall": gettext_lazy("Whether figures lie low or rise up like cypresses."),
    "brushwork.petals": gettext_lazy("Whether figures are round or have petals."),
    "brushwork.swirls": gettext_lazy("How strongly the sky whirls."),
    "brushwork.waves": gettext_lazy("Whether strokes run straight or wind their way."),
    "brushwork.turn": gettext_lazy("Turns the direction in which strokes run."),
    "brushwork.shadow": gettext_lazy("How dark the shadows are that figures cast on the ground."),
    "brushwork.side": gettext_lazy(
        "From which side figures are lit, and where their shadows fall."
    ),
    "brushwork.glow": gettext_lazy("Whether the corners are lighter or darker than the middle."),
    "brushwork.hue": gettext_lazy(
        "Turns all colours around the colour wheel together. The paper stays."
    ),
    "brushwork.lightness": gettext_lazy(
        "Makes every colour darker or lighter, and leaves the paper alone."
    ),
    "brushwork.vividness": gettext_lazy("Makes the colours muted or vivid."),
    "brushwork.variety": gettext_lazy("How much the colours of neighbouring strokes differ."),
    "brushwork.accents": gettext_lazy("How many small light and dark strokes are set on top."),
    "brushwork.width": gettext_lazy("How wide the brush is."),
    "brushwork.length": gettext_lazy("How long the strokes are, from dabs to sweeps."),
    "brushwork.streaks": gettext_lazy("How clearly the single bristles of the brush show."),
    "brushwork.dryness": gettext_lazy(
        "Dry paint breaks up towards the end of each stroke, and the paper shows through."
    ),
    "brushwork.relief": gettext_lazy("How thick the paint is, lit from above and the left."),
    "brushwork.disorder": gettext_lazy("How faithfully strokes follow their direction."),
    "brushwork.detail": gettext_lazy("How many fine strokes there are on top of the broad ones."),
    "brushwork.margin": gettext_lazy(
        "Whether the painting reaches to the edge or leaves a margin of paper."
    ),
    "brushwork.bare": gettext_lazy("How much of the paper is left without strokes."),
    "glass.zoom": gettext_lazy("How large the panes are."),
    "glass.rose": gettext_lazy(
        "To the right, the panes arrange themselves as a rose window; to the left, as shards."
    ),
    "glass.jitter": gettext_lazy("How far each pane has moved from its place in the order."),
    "glass.stretch": gettext_lazy("Whether panes stand upright or lie level."),
    "glass.swirl": gettext_lazy("Winds the window around its middle."),
    "glass.bend": gettext_lazy("Whether the lines of the lead are straight or bent."),
    "glass.gaps": gettext_lazy(
        "How many panes are missing. Through the gaps, the wall behind shows."
    ),
    "glass.round": gettext_lazy("Whether the window reaches to the edge or ends round before it."),
    "glass.discs": gettext_lazy(
        "The size of the discs that lie over the panes. Small ones vanish to the left."
    ),
    "glass.hills": gettext_lazy("How high the curved lines run across the window."),
    "glass.start": gettext_lazy(
        "Moves every pane along the row of colours, each as far as the others."
    ),
    "glass.radius": gettext_lazy(
        "Whether colours run inwards or outwards, as rings around the middle."
    ),
    "glass.luck": gettext_lazy("How much the colours of neighbouring panes differ."),
    "glass.hue": gettext_lazy("Turns the colours of the glass around the colour wheel together."),
    "glass.lightness": gettext_lazy("Makes every colour of the glass darker or lighter."),
    "glass.wall": gettext_lazy("How light the wall behind the window is."),
    "glass.metal": gettext_lazy(
        "How light the metal between the panes is: from black lead to silver."
    ),
    "glass.streaks": gettext_lazy("How much colours run into one another within a pane."),
    "glass.cloud": gettext_lazy("Whether the glass is clear or milky."),
    "glass.ripple": gettext_lazy("Whether the surface is smooth or hammered."),
    "glass.bevel": gettext_lazy("How strongly the cut rim of each pane catches the light."),
    "glass.glow": gettext_lazy("How dark the glass is along its rim."),
    "glass.width": gettext_lazy("How thick the lead is."),
    "glass.corner": gettext_lazy("Whether panes have sharp corners or rounded ones."),
    "glass.light": gettext_lazy("How strongly the light behind shines in one place."),
    "glass.side": gettext_lazy("Where the light behind stands."),
    "glass.shadow": gettext_lazy("How dark the shadows are that discs and the window cast."),
    "sculptures.sectors": gettext_lazy(
        "How many equal sides the sculpture has around its upright axis, from one to eight."
    ),
    "sculptures.twist": gettext_lazy(
        "Winds the sculpture around its upright axis, like a candle or a wrung cloth."
    ),
    "sculptures.melt": gettext_lazy(
        "Whether parts meet in crisp creases or flow into one another like wax."
    ),
    "sculptures.lattice": gettext_lazy(
        "To the right, the walls turn into an airy web; to the left, they close."
    ),
    "sculptures.ripple": gettext_lazy(
        "To the left, the surface is covered with small bumps; to the right, with ridges around"
        " it. In between, it is smooth."
    ),
    "sculptures.folds": gettext_lazy(
        "How often space is folded. Every fold multiplies the parts, so forms grow richer to the"
        " right."
    ),
    "sculptures.spread": gettext_lazy(
        "How far the folds throw the parts apart. They keep touching."
    ),
    "sculptures.thickness": gettext_lazy(
        "Makes all parts slender, like wire and petals, or stout."
    ),
    "sculptures.roundness": gettext_lazy("From boxes and plates to balls, pills and rings."),
    "sculptures.hollow": gettext_lazy(
        "To the right, the parts become tubes and rings; to the left, they are filled."
    ),
    "sculptures.hue": gettext_lazy(
        "Turns the three colours of the sculpture around the colour wheel together. The backdrop"
        " follows."
    ),
    "sculptures.lightness": gettext_lazy("Makes the colours of the sculpture darker or lighter."),
    "sculptures.vividness": gettext_lazy("Makes the colours of the sculpture grey or strong."),
    "sculptures.bands": gettext_lazy("How often the colours alternate along the form."),
    "sculptures.turn": gettext_lazy("Walks you around the sculpture. The light comes along."),
    "sculptures.pitch": gettext_lazy("Whether you look at it from the side or from above."),
    "sculptures.zoom": gettext_lazy("Moves you further away or nearer."),
    "sculptures.light-side": gettext_lazy(
        "Moves the lamp from your right to your left. From the side, shadows show the form best."
    ),
    "sculptures.light-height": gettext_lazy(
        "A low lamp throws long shadows, a high one short ones."
    ),
    "sculptures.backdrop": gettext_lazy("Makes the room behind the sculpture darker or lighter."),
}
