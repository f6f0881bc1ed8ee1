#version 300 es
// A sculpture, by the same formula as on the server (generation/genespaces/sculptures: field, tracing, shading and
// picture), where the sources stand. One ray after the other, without cones and without filling in between neighbours.
// P: the numbers of uniforms.py, in its order.
precision highp float;
precision highp int;

uniform float P[107];
uniform float size;  // Of the picture, in pixels.
uniform int rays;  // Through each pixel: 1 or 4.
// How carefully they go: stride, steps; towards the light stride, steps, shortest and longest step in radii.
uniform float stride, shadowStride, shadowLeast, shadowMost;
uniform int steps, shadowSteps;
uniform int zero;  // Always 0: a loop of unknown length is compiled once instead of unrolled.

out vec4 colour;

const float TAU = 6.283185307179586;
const float LENS = 2.75;
const vec3 KEY = vec3(1.0, 0.93, 0.84);
const vec3 SKY = vec3(0.86, 0.95, 1.12);
const vec3 VERDIGRIS = vec3(0.16, 0.38, 0.33);
const vec3 BRONZE = vec3(0.34, 0.20, 0.09);
const int CAMERA = 0, PLACE = 5, BANDS = 10, COLOURS = 11, BACKDROP = 20, MATERIALS = 23, BODY = 28, FOLDS = 38;
const int FOLD = 15, PARTS = 83, PART = 8;

vec3 three(int at) { return vec3(P[at], P[at + 1], P[at + 2]); }
vec3 centre() { return three(PLACE); }
float radius() { return P[PLACE + 3]; }
float ground() { return P[PLACE + 4]; }

// Smooth from low to high; it falls where high is below low, which smoothstep may not.
float ramp(float low, float high, float x) {
  float t = clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}
float corner(vec2 sides) { return length(max(sides, 0.0)) + min(max(sides.x, sides.y), 0.0); }

float partDistance(int at, vec3 q) {
  vec3 box = abs(q) - three(at + 1);
  float wall = P[at + 6], edge = P[at + 5];
  float outline = abs(corner(box.xy) + wall - P[at + 4]) + edge - wall;
  return corner(vec2(outline, box.z)) + P[at + 7] - edge;
}
float join(float one, float other, float melt) {
  float both = min(abs(other - one) - melt, 0.0);
  return min(one, other) - both * both * 0.25 / melt;
}
vec3 intoSector(vec3 p) {
  float sector = P[BODY], turn = atan(p.z, p.x) + P[BODY + 1] * p.y;
  turn = abs(turn - TAU * floor(turn / TAU + 0.5));
  turn -= 2.0 * sector * floor(turn * 0.5 / sector);
  turn = sector - abs(turn - sector);
  float away = length(p.xz);
  return vec3(away * cos(turn), p.y, away * sin(turn));
}
float detail(float found, vec3 p, vec3 folded, float scale) {
  float twist = P[BODY + 1], lattice = P[BODY + 5], f = P[BODY + 6], ripple = P[BODY + 9];
  if (P[BODY + 8] > 0.0) {
    vec3 s = sin(0.55 * ripple * folded);
    found += P[BODY + 8] / scale * s.x * s.y * s.z;
  }
  if (P[BODY + 7] > 0.0) found += P[BODY + 7] * sin(ripple * p.y);
  if (lattice > 0.0) {
    float c = f * cos(twist * p.y), s = f * sin(twist * p.y);
    vec3 at = vec3(c * p.x - s * p.z, f * p.y, s * p.x + c * p.z);
    float web = abs(dot(sin(at), cos(at.yzx))) * 0.62 / f - (0.19 + 0.9 * (1.0 - lattice)) / f;
    float soft = max(0.05 - abs(found - web), 0.0) / 0.05;
    found = max(found, web) + soft * soft * 0.0125;
  }
  return found;
}
// The distance, and the orbit trap.
vec2 field(vec3 p) {
  float melt = P[BODY + 2], crease = P[BODY + 3] * P[BODY + 3], scale = 1.0;
  vec3 q = intoSector(p);
  float core = partDistance(PARTS, q), found = P[PARTS] > 0.0 ? core : 1e3, trap = core * 0.5 + 0.3;
  for (int number = zero; number < 3; number++) {
    int at = FOLDS + FOLD * number, part = PARTS + PART * min(number + 1, 2);
    if (P[at] > 0.0) {
      vec3 moved = q + P[at + 1];
      moved = sqrt(moved * moved + crease) - three(at + 2);
      q = vec3(dot(three(at + 5), moved), dot(three(at + 8), moved), dot(three(at + 11), moved));
    }
    scale *= P[at + 14];
    if (P[part] > 0.0) found = join(found, partDistance(part, q) / scale, melt);
    trap += (length(q) - 0.3) * 0.6 / (float(number) + 1.5);
  }
  if (found < 0.3) found = detail(found, p, q, scale);
  return vec2(found, trap);
}
float distanceAt(vec3 p) { return field(p).x; }

vec3 linear(vec3 lab) {
  vec3 cone = vec3(
    lab.x + 0.3963377774 * lab.y + 0.2158037573 * lab.z,
    lab.x - 0.1055613458 * lab.y - 0.0638541728 * lab.z,
    lab.x - 0.0894841775 * lab.y - 1.2914855480 * lab.z
  );
  cone = cone * cone * cone;
  return max(vec3(
    4.0767416621 * cone.x - 3.3077115913 * cone.y + 0.2309699292 * cone.z,
    -1.2684380046 * cone.x + 2.6097574011 * cone.y - 0.3413193965 * cone.z,
    -0.0041960863 * cone.x - 0.7034186147 * cone.y + 1.7076147010 * cone.z
  ), 0.0);
}
vec3 screen(vec3 light) {
  light = max(light, 0.0);
  light = light * (1.0 + 0.16 * light) / (1.0 + 0.62 * light) * 1.24;
  vec3 value = pow(min(light, 1.0), vec3(1.0 / 2.2));
  return value * (1.0 + 0.4 * (value * (3.0 - 2.0 * value) - 1.0));
}

float march(vec3 from, vec3 way, float start, float stop) {
  float close = 0.35 * stride * 2.0 / size / LENS, t = start, found = 0.0;
  for (int step = zero; step < steps; step++) {
    found = distanceAt(from + way * t);
    if (found < close * t) return t;
    t += found * stride * P[BODY + 4];
    if (t > stop) return -1.0;
  }
  return found < 6.0 * close * t ? t : -1.0;
}
vec3 normalAt(vec3 p, float away) {
  float reach = max(away / size / LENS, 0.0006);
  vec3 total = vec3(0.0);
  for (int number = zero; number < 4; number++) {
    vec3 way = number == 0 ? vec3(1, -1, -1) : number == 1 ? vec3(-1, -1, 1) : number == 2 ? vec3(-1, 1, -1) : vec3(1);
    total += way * distanceAt(p + way * reach);
  }
  return total / (length(total) + 1e-12);
}
float opennessAt(vec3 p, vec3 normal) {
  float total = 0.0, weight = 1.0;
  for (int number = zero; number < 4; number++) {
    float height = radius() * (0.03 + 0.075 * float(number));
    vec3 q = p + normal * height;
    float near = distanceAt(q);
    if (normal.y < 0.95) near = min(near, q.y - ground());
    total += max(height - near, 0.0) * weight / radius();
    weight *= 0.72;
  }
  return max(1.0 - 2.9 * min(total, 1.0), 0.07);
}
float shadow(vec3 p, vec3 light) {
  vec3 apart = p - centre();
  float r = radius(), ahead = dot(apart, light);
  float within = ahead * ahead - dot(apart, apart) + 1.21 * r * r;
  float halfway = sqrt(max(within, 0.0)), stop = halfway - ahead, seen = 1.0;
  if (within <= 0.0 || stop <= 0.0) return 1.0;
  float t = max(-ahead - halfway, 0.02 * r);
  for (int step = zero; step < shadowSteps; step++) {
    float found = distanceAt(p + light * t) * P[BODY + 4];
    seen = min(seen, 7.0 * found / t);
    t += min(max(shadowStride * found, shadowLeast * r), shadowMost * r);
    if (seen < 0.004 || t > stop) break;
  }
  return ramp(0.0, 1.0, seen);
}
float floorOpenness(vec3 p, float away) {
  if (away >= 1.9) return 1.0;
  float found = 1.0;
  for (int number = zero; number < 2; number++) {
    float height = (number == 0 ? 0.10 : 0.34) * radius();
    float above = distanceAt(p + vec3(0.0, height, 0.0)) / height;
    found *= number == 0 ? 0.25 + 0.75 * ramp(-0.3, 1.0, above) : 0.5 + 0.5 * ramp(-0.1, 1.1, above);
  }
  return found + (1.0 - found) * ramp(1.3, 1.9, away);
}

vec3 room(vec3 way, float rough, vec3 light, vec3 backdrop) {
  float up = 0.5 + 0.5 * way.y, towards = max(dot(way, light), 0.0);
  float box = ramp(0.80 - 0.35 * rough, 0.93 + 0.06 * rough, towards) * (1.0 - 0.55 * rough);
  float strip = ramp(0.35 - 0.3 * rough, 0.62 + 0.2 * rough, -way.x * light.x - way.z * light.z);
  strip *= ramp(0.1, 0.45, way.y + 0.2 * rough) * (1.0 - ramp(0.5, 0.95, way.y)) * (1.0 - 0.5 * rough);
  vec3 walls = vec3(0.55, 0.60, 0.68) + vec3(0.45, 0.40, 0.32) * backdrop;
  return (0.10 + 0.42 * up * up) * walls + 2.3 * box * KEY + strip * vec3(1.1, 1.15, 1.25)
    + backdrop * 0.35 * ramp(0.05, -0.55, way.y);
}
float thicknessAt(vec3 p, vec3 way) {
  float r = radius(), gone = 0.03 * r;
  for (int step = zero; step < 9; step++) {
    float inside = -distanceAt(p + way * gone);
    gone += max(0.9 * inside, 0.012 * r);
    if (inside < 0.0) break;
  }
  return gone / r;
}
vec3 shade(vec3 p, vec3 way, vec3 normal, float openness, float shown, vec3 light, vec3 backdrop) {
  float r = radius(), facing = clamp(-dot(normal, way), 0.0, 1.0), rim = pow(1.0 - facing, 5.0);
  float trap = field(p).y, turn = TAU * P[BANDS];
  float main = ramp(0.12, 0.88, 0.5 + 0.5 * cos(trap * 0.55 * turn + TAU * 0.15));
  float accent = 0.75 * ramp(0.72, 0.98, 0.5 + 0.5 * cos(trap * 1.35 * turn + TAU * 0.4));
  vec3 lab = mix(mix(three(COLOURS), three(COLOURS + 3), main), three(COLOURS + 6), accent);
  lab.x -= 0.1225 * (1.0 - openness);
  vec3 body = linear(lab), mirrored = way + 2.0 * facing * normal;
  float reach = 0.22 * r;
  float gloss = ramp(-0.1, 0.75, distanceAt(p + mirrored * reach) / reach) * (0.35 + 0.65 * openness)
    * ramp(-0.35, 0.15, (p.y + mirrored.y * 0.6 * r - ground()) / r);
  float lifted = clamp((ground() + 1.2 * r - p.y) / r, 0.0, 1.0);
  float key = max(dot(normal, light), 0.0) * shown * 2.6, sky = openness * (0.31 + 0.25 * normal.y);
  float bounce = openness * max(0.25 - 0.5 * normal.y, 0.0) * (0.35 + 0.5 * P[BACKDROP]) * (0.5 + 0.5 * lifted);
  vec3 received = key * KEY + sky * SKY + bounce * backdrop, total = vec3(0.0);
  float clay = P[MATERIALS], glaze = P[MATERIALS + 1], bronze = P[MATERIALS + 2];
  float glass = P[MATERIALS + 3], pearl = P[MATERIALS + 4];
  if (clay > 0.0) {
    float dust = (1.0 - facing) * (1.0 - facing) * openness * 0.22;
    total += clay * (0.92 * body * received + dust * vec3(0.8, 0.82, 0.88));
  }
  if (glaze > 0.0) {
    float coat = (0.05 + 0.75 * rim) * gloss * 1.5;
    total += glaze * (0.95 * body * received + room(mirrored, 0.12, light, backdrop) * coat);
  }
  if (bronze > 0.0) {
    vec3 tint = 0.65 * body + BRONZE;
    tint += (1.0 - tint) * rim;
    vec3 metal = (room(mirrored, 0.28, light, backdrop) * 1.15 * gloss + 0.22 * received) * tint;
    total += bronze * mix(metal, 0.8 * VERDIGRIS * received, 0.75 * ramp(0.52, 0.14, openness));
  }
  if (glass > 0.0) {
    const float bend = 0.72;
    float sine = max(1.0 - bend * bend * (1.0 - facing * facing), 0.0);
    vec3 bent = bend * way + (bend * facing - sqrt(sine)) * normal;
    vec3 clear = exp(-3.4 * thicknessAt(p, bent) * (1.02 - min(1.15 * body, 1.0)));
    vec3 behind = 0.75 * backdrop + 0.55 * room(bent, 0.5, light * vec3(-1.0, 1.0, -1.0), backdrop) + 0.12;
    vec3 through = behind * clear * (0.30 + 0.95 * (0.45 + 0.55 * shown));
    vec3 shine = room(mirrored, 0.05, light, backdrop) * (0.06 + 0.94 * rim) * gloss * 1.6;
    total += glass * (through + 0.22 * body * received + shine);
  }
  if (pearl > 0.0) {
    float hue = TAU * (1.15 * facing + 0.35 * trap + 0.1);
    vec3 film = linear(vec3(0.72, 0.085 * cos(hue) + 0.7 * lab.y, 0.085 * sin(hue) + 0.7 * lab.z));
    float sheen = (0.16 + 0.6 * (1.0 - facing) * (1.0 - facing)) * gloss * 2.6;
    vec3 base = (0.45 * body + 0.44 * film) * received * 0.7;
    total += pearl * (base + room(mirrored, 0.3, light, backdrop) * film * sheen);
  }
  return total;
}

// at: in pixels from the upper left corner.
vec3 look(vec2 at) {
  float yaw = P[CAMERA], pitch = P[CAMERA + 1], r = radius();
  float rise = sin(pitch), across = cos(pitch), ahead = cos(yaw), aside = sin(yaw);
  vec3 back = vec3(across * ahead, rise, across * aside), right = vec3(-aside, 0.0, ahead);
  vec3 up = vec3(-rise * ahead, across, -rise * aside);
  float level = cos(P[CAMERA + 4]), front = level * cos(P[CAMERA + 3]);
  float side = -level * (sin(P[CAMERA + 3]) + 0.55);
  vec3 light = normalize(
    vec3(front * ahead + side * right.x, sin(P[CAMERA + 4]), front * aside + side * right.z)
  );
  vec3 from = centre() + 3.3 * r / P[CAMERA + 2] * back - vec3(0.0, 0.04 * r, 0.0);
  vec2 off = vec2(at.x * 2.0 / size - 1.0, 1.0 - at.y * 2.0 / size);
  vec3 way = normalize(off.x / LENS * right + off.y / LENS * up - back);

  vec3 backdrop = linear(three(BACKDROP)), dark = three(COLOURS);
  vec3 wall = linear(vec3(
    0.86 * P[BACKDROP], 0.4 * P[BACKDROP + 1] + 0.45 * dark.y, 0.4 * P[BACKDROP + 2] + 0.45 * dark.z
  ));
  vec3 seen = mix(backdrop, wall, ramp(-0.45, 0.45, way.y));
  float below = way.y < 0.0 ? (ground() - from.y) / way.y : -1.0;

  vec3 apart = from - centre();
  float towards = dot(apart, way), limit = 1.02 * r;
  float within = limit * limit - dot(apart, apart) + towards * towards, hit = -1.0;
  if (within > 0.0) {
    float stop = sqrt(within) - towards;
    if (below > 0.0) stop = min(stop, below);
    hit = march(from, way, max(-towards - sqrt(within), 0.01), stop);
  }
  if (hit > 0.0) {
    vec3 p = from + way * hit, normal = normalAt(p, hit);
    float shown = dot(normal, light) > 0.0 ? shadow(p + normal * 0.012 * r, light) : 0.0;
    seen = shade(p, way, normal, opennessAt(p, normal), shown, light, backdrop);
  } else if (below > 0.0 && below < 40.0 * r) {
    vec3 p = from + way * below;
    float away = length(p.xz - centre().xz) / r, shown = 1.0;
    if (away < 5.0) shown = 1.0 - (1.0 - shadow(p, light)) * (1.0 - ramp(3.0, 5.0, away));
    float pool = 1.0 + 0.16 * exp(-0.22 * away * away);
    float shaded = (0.46 + 0.54 * shown) * (0.3 + 0.7 * floorOpenness(p, away)) * pool;
    seen *= vec3(shaded, shaded, shaded + 0.024 * (1.0 - shown));
  }
  return screen(seen * (1.0 - 0.20 * dot(off, off)));
}

void main() {
  // Rows count from below here.
  vec2 pixel = vec2(floor(gl_FragCoord.x), size - 1.0 - floor(gl_FragCoord.y));
  vec3 total = vec3(0.0);
  for (int number = zero; number < rays; number++) {
    vec2 at = number == 0 ? vec2(0.375, 0.125) : number == 1 ? vec2(0.875, 0.375)
      : number == 2 ? vec2(0.125, 0.625) : vec2(0.625, 0.875);
    total += look(pixel + (rays == 1 ? vec2(0.5) : at));
  }
  colour = vec4(total / float(rays), 1.0);
}
