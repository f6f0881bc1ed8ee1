"""Colour and light: the orbit trap's palette, five materials, a photographer's room around them.

All colours are linear sRGB, arrays [3, points]. OKLab: Björn Ottosson, "A perceptual color space
for image processing" (2020).
"""

import math
from typing import Any

from generation.genespaces.sculptures.field import Array, Kit, dot, ramp
from generation.genespaces.sculptures.plan import Vector
from generation.genespaces.sculptures.tracing import Scene, from_middle

_CONTRAST = 0.4  # The share of an S-curve in what a screen shows.
_KEY: Vector = (1.0, 0.93, 0.84)  # The warm light.
_SKY: Vector = (0.86, 0.95, 1.12)
_VERDIGRIS: Vector = (0.16, 0.38, 0.33)
_BRONZE: Vector = (0.34, 0.20, 0.09)


def linear(lightness: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """OKLab to linear sRGB, of numbers or of arrays; below 0 where a screen can't show it."""
    long = lightness + 0.3963377774 * a + 0.2158037573 * b
    middle = lightness - 0.1055613458 * a - 0.0638541728 * b
    short = lightness - 0.0894841775 * a - 1.2914855480 * b
    long, middle, short = long**3, middle**3, short**3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def screen(kit: Kit, light: Array) -> Array:
    """Linear light to sRGB 0 to 1, with a soft shoulder and more contrast. Uses up its argument."""
    light = kit.at_least(light, 0.0)
    light = light * (1 + 0.16 * light) / (1 + 0.62 * light) * 1.24
    value = kit.at_most(light, 1.0) ** (1 / 2.2)
    return value * (1 + _CONTRAST * (value * (3 - 2 * value) - 1))


def backdrop_of(scene: Scene) -> Vector:
    """The backdrop's colour in linear light."""
    red, green, blue = (max(value, 0.0) for value in linear(*scene.plan.backdrop))
    return red, green, blue


def ground(scene: Scene, way: Array) -> Array:
    """The backdrop along rays: a cove, whose wall is darker and leans to the dark colour's hue."""
    lightness, a, b = scene.plan.backdrop
    _, dark_a, dark_b = scene.plan.colours[0]
    wall = linear(0.86 * lightness, 0.4 * a + 0.45 * dark_a, 0.4 * b + 0.45 * dark_b)
    red, green, blue = (max(value, 0.0) for value in wall)
    near, far = scene.column(backdrop_of(scene)), scene.column((red, green, blue))
    return near + (far - near) * ramp(scene.kit, -0.45, 0.45, way[1])


def on_floor(scene: Scene, colour: Array, p: Array, openness: Array, light: Array) -> Array:
    """The backdrop's colour where it is floor, with the shadow on it and a pool of light."""
    away = from_middle(scene, p)
    pool = 1 + 0.16 * scene.kit.xp.exp(-0.22 * away * away)
    shaded = (0.46 + 0.54 * light) * (0.3 + 0.7 * openness) * pool
    blue = 0.024 * (1 - light)  # Shadows are cool.
    return colour * (shaded + scene.column((0.0, 0.0, 1.0)) * blue)


def shade(
    scene: Scene, p: Array, way: Array, normal: Array, openness: Array, light: Array
) -> Array:
    """The colour of points on the sculpture, as seen along their rays."""
    return _Surface(scene, p, way, normal, openness, light).colour()


def palette(scene: Scene, trap: Array, openness: Array | float) -> tuple[Array, Array, Array]:
    """Two colours along the trap, and a third one in bright bands; OKLab."""
    kit, xp, plan = scene.kit, scene.kit.xp, scene.plan
    turn = 2 * math.pi * plan.bands
    wave = 0.5 + 0.5 * xp.cos(trap * (0.55 * turn) + 2 * math.pi * 0.15)
    main = ramp(kit, 0.12, 0.88, wave)
    wave = 0.5 + 0.5 * xp.cos(trap * (1.35 * turn) + 2 * math.pi * 0.4)
    accent = 0.75 * ramp(kit, 0.72, 0.98, wave)
    mixed = []
    for one, two, three in zip(*plan.colours, strict=True):
        value = one + (two - one) * main
        mixed.append(value + (three - value) * accent)
    lightness, a, b = mixed
    return lightness - 0.1225 * (1 - openness), a, b


class _Surface:
    """Points of the surface with everything that their materials ask for."""

    def __init__(
        self, scene: Scene, p: Array, way: Array, normal: Array, openness: Array, light: Array
    ) -> None:
        self.scene, self.kit, self.p, self.way, self.normal = scene, scene.kit, p, way, normal
        self.openness, self.light = openness, light
        kit, column = scene.kit, scene.column
        radius, floor = scene.frame.radius, scene.frame.floor
        self.facing = kit.at_most(kit.at_least(-dot(normal, way), 0.0), 1.0)
        self.rim = (1 - self.facing) ** 5
        self.backdrop = column(backdrop_of(scene))
        self.trap = scene.trap(p)
        self.lab = palette(scene, self.trap, openness)
        self.body = kit.at_least(kit.xp.stack(linear(*self.lab)), 0.0)
        self.mirrored = way + (2 * self.facing) * normal
        # How far the mirrored ray gets says how much of the room a gloss can show.
        reach = 0.22 * radius
        free = scene.distance(p + self.mirrored * reach) * (1 / reach)
        self.shown = (
            ramp(kit, -0.1, 0.75, free)
            * (0.35 + 0.65 * openness)
            * ramp(kit, -0.35, 0.15, (p[1] + self.mirrored[1] * (0.6 * radius) - floor) / radius)
        )
        lifted = kit.at_most(kit.at_least((floor + 1.2 * radius - p[1]) / radius, 0.0), 1.0)
        key = kit.at_least(dot(normal, scene.light), 0.0) * light * 2.6
        sky = openness * (0.31 + 0.25 * normal[1])
        bounce = openness * kit.at_least(0.25 - 0.5 * normal[1], 0.0)
        bounce = bounce * (0.35 + 0.5 * scene.plan.backdrop[0]) * (0.5 + 0.5 * lifted)
        self.received = key * column(_KEY) + sky * column(_SKY) + bounce * self.backdrop

    def colour(self) -> Array:
        total = 0.0
        painters = (self._clay, self._glaze, self._bronze, self._glass, self._pearl)
        for share, paint in zip(self.scene.plan.materials, painters, strict=True):
            if share > 0:
                total = total + share * paint()
        return total

    def _room(self, way: Array, rough: float, light: Vector | None = None) -> Array:
        """What a mirror shows: a soft box near the light, a strip behind and a bright floor."""
        kit, column = self.kit, self.scene.column
        x, y, z = light or self.scene.light
        up = 0.5 + 0.5 * way[1]
        towards = kit.at_least(dot(way, (x, y, z)), 0.0)
        box = ramp(kit, 0.80 - 0.35 * rough, 0.93 + 0.06 * rough, towards) * (1 - 0.55 * rough)
        strip = ramp(kit, 0.35 - 0.3 * rough, 0.62 + 0.2 * rough, -way[0] * x - way[2] * z)
        strip = strip * ramp(kit, 0.1, 0.45, way[1] + 0.2 * rough)
        strip = strip * (1 - ramp(kit, 0.5, 0.95, way[1])) * (1 - 0.5 * rough)
        walls = column((0.55, 0.60, 0.68)) + column((0.45, 0.40, 0.32)) * self.backdrop
        return (
            (0.10 + 0.42 * up * up) * walls
            + (2.3 * box) * column(_KEY)
            + strip * column((1.1, 1.15, 1.25))
            + self.backdrop * (0.35 * ramp(kit, 0.05, -0.55, way[1]))
        )

    def _clay(self) -> Array:
        """Matt, dusty towards the rim."""
        dust = (1 - self.facing) ** 2 * self.openness * 0.22
        return 0.92 * self.body * self.received + dust * self.scene.column((0.8, 0.82, 0.88))

    def _glaze(self) -> Array:
        """Ceramic under a clear coat."""
        coat = (0.05 + 0.75 * self.rim) * self.shown * 1.5
        return 0.95 * self.body * self.received + self._room(self.mirrored, 0.12) * coat

    def _bronze(self) -> Array:
        """A tinted mirror, with verdigris where it is sheltered."""
        tint = 0.65 * self.body + self.scene.column(_BRONZE)
        tint = tint + (1 - tint) * self.rim
        metal = self._room(self.mirrored, 0.28) * (1.15 * self.shown) + 0.22 * self.received
        metal = metal * tint
        patina = 0.8 * self.scene.column(_VERDIGRIS) * self.received
        return metal + (patina - metal) * (0.75 * ramp(self.kit, 0.52, 0.14, self.openness))

    def _glass(self) -> Array:
        """Its thickness along the bent ray colours the light; its rim mirrors the room."""
        kit, xp, scene = self.kit, self.kit.xp, self.scene
        bend = 0.72
        sine = kit.at_least(1 - bend * bend * (1 - self.facing * self.facing), 0.0)
        bent = bend * self.way + (bend * self.facing - xp.sqrt(sine)) * self.normal
        thickness = self._thickness(bent) * (1 / scene.frame.radius)
        clear = xp.exp(-3.4 * thickness * (1.02 - kit.at_most(1.15 * self.body, 1.0)))
        x, y, z = scene.light
        behind = 0.75 * self.backdrop + 0.55 * self._room(bent, 0.5, (-x, y, -z)) + 0.12
        through = behind * clear * (0.30 + 0.95 * (0.45 + 0.55 * self.light))
        gloss = self._room(self.mirrored, 0.05) * ((0.06 + 0.94 * self.rim) * self.shown * 1.6)
        return through + 0.22 * self.body * self.received + gloss

    def _thickness(self, way: Array) -> Array:
        """How far a ray goes inside."""
        kit, scene = self.kit, self.scene
        radius = scene.frame.radius
        gone = kit.xp.full((way.shape[1],), 0.03 * radius, dtype=kit.xp.float32)
        live = kit.xp.arange(way.shape[1])
        for _ in range(9):
            if not len(live):
                break
            inside = -scene.distance(self.p[:, live] + way[:, live] * gone[live])
            gone[live] += kit.at_least(0.9 * inside, 0.012 * radius)
            live = live[inside >= 0]
        return gone

    def _pearl(self) -> Array:
        """A thin film, whose hue runs with the angle."""
        kit, xp = self.kit, self.kit.xp
        turn = 2 * math.pi * (1.15 * self.facing + 0.35 * self.trap + 0.1)
        _, a, b = self.lab
        film = linear(0.72, 0.085 * xp.cos(turn) + 0.7 * a, 0.085 * xp.sin(turn) + 0.7 * b)
        film = kit.at_least(xp.stack(film), 0.0)
        sheen = (0.16 + 0.6 * (1 - self.facing) ** 2) * self.shown * 2.6
        base = (0.45 * self.body + 0.44 * film) * self.received * 0.7
        return base + self._room(self.mirrored, 0.3) * film * sheen
