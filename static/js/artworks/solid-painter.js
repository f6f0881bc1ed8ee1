// Draws a sculpture with the graphics card: coarse and quick while it moves, fine once it rests.
// A frame is drawn beside the canvas and shown when it is whole. No piece of work is long, so that
// the page and other programs stay quick on a weak card: a moving picture gets as many pixels as fit
// in a short time, and a resting one is drawn in strips.

// How carefully rays go, as generation/genespaces/sculptures/tracing.py has it (LIVE and PRINT).
const MOVING = { rays: 1, stride: 1, steps: 48, shadow: [1, 18, 0.03, 0.26] };
export const RESTING = { rays: 4, stride: 0.7, steps: 200, shadow: [0.5, 110, 0.006, 0.06] };
const FRAME_MS = 24;
const STRIP_MS = 20;
const REST_MS = 4000; // A resting picture that would take longer gets fewer pixels.
const PAUSE_MS = 160; // So long without a new pose is rest.
const LEAST_EDGE = 64;
const FIRST_EDGE = 128; // Before anything is known about the card.
const MOST_EDGE = 1536;

const UNIFORMS = [
  ...["P", "size", "rays", "stride", "steps", "zero"],
  ...["shadowStride", "shadowSteps", "shadowLeast", "shadowMost"],
];
const VERTICES = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const between = (low, value, high) => Math.min(high, Math.max(low, value));

// Resolves to a painter, or rejects where the browser or the card cannot draw this. onLost: called
// when the card gives up later.
export async function makePainter(canvas, shader, onLost) {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
  if (!gl) throw new Error("no-webgl2");
  const painter = new Painter(gl, onLost);
  try {
    await painter.prepare(shader);
  } catch (error) {
    painter.release();
    throw error;
  }
  return painter;
}

class Painter {
  constructor(gl, onLost) {
    this.gl = gl;
    this.isReleased = false;
    this.isBusy = false;
    this.wanted = null; // The numbers of the newest pose that nothing was drawn of yet.
    this.edge = FIRST_EDGE; // Of a moving picture.
    this.onLost = onLost;
    gl.canvas.addEventListener("webglcontextlost", () => this.fail());
  }

  async prepare(shader) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTICES],
      [gl.FRAGMENT_SHADER, shader],
    ]) {
      const part = gl.createShader(kind);
      gl.shaderSource(part, source);
      gl.compileShader(part);
      gl.attachShader(program, part);
    }
    gl.linkProgram(program);
    // Some cards compile for seconds; where the browser can tell, the page goes on meanwhile.
    const parallel = gl.getExtension("KHR_parallel_shader_compile");
    while (parallel && !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR)) {
      await nextFrame();
      if (gl.isContextLost()) break;
    }
    if (!gl.getProgramParameter(program, gl.LINK_STATUS))
      throw new Error(gl.getProgramInfoLog(program) ?? "context-lost");
    gl.useProgram(program);
    this.places = Object.fromEntries(
      UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]),
    );
    gl.uniform1i(this.places.zero, 0);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, (this.buffer = gl.createFramebuffer()));
    gl.bindTexture(gl.TEXTURE_2D, (this.texture = gl.createTexture()));
    this.resize(FIRST_EDGE);
  }

  // Edge of the resting picture in pixels of the screen.
  resize(edge) {
    const { gl } = this;
    const size = Math.round(between(LEAST_EDGE, edge, MOST_EDGE));
    if (this.isReleased || size === this.size) return;
    this.size = gl.canvas.width = gl.canvas.height = size;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, size, size, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    if (this.numbers) this.paint(this.numbers);
  }

  // Draws a pose, unless a newer one comes first.
  paint(numbers) {
    this.wanted = this.numbers = Float32Array.from(numbers);
    if (!this.isBusy) this.work();
  }

  async work() {
    this.isBusy = true;
    while (this.wanted && !this.isReleased) {
      const numbers = this.wanted;
      this.wanted = null;
      await this.move(numbers);
      const still = performance.now() + PAUSE_MS;
      while (!this.wanted && performance.now() < still) await nextFrame();
      if (!this.wanted) await this.rest(numbers);
    }
    this.isBusy = false;
  }

  async move(numbers) {
    const edge = Math.min(this.edge, this.size);
    const ms = await this.draw(numbers, MOVING, edge, 0, edge);
    this.show(edge);
    const factor = between(0.5, Math.sqrt(FRAME_MS / Math.max(ms, 1)), 1.25);
    this.edge = Math.round(between(LEAST_EDGE, edge * factor, this.size));
  }

  async rest(numbers) {
    let [edge, top, rows, spent] = [this.size, 0, 4, 0];
    while (top < edge) {
      const count = Math.min(rows, edge - top);
      // The middle first: it says how long the whole takes at most.
      const ms = await this.draw(numbers, RESTING, edge, (top + (edge >> 1)) % edge, count);
      if (this.isReleased || this.wanted) return;
      [top, spent] = [top + count, spent + ms];
      const fit = Math.sqrt((REST_MS * top) / edge / spent);
      if (fit < 0.9 && edge > this.edge) {
        [edge, top, spent] = [Math.max(this.edge, Math.floor(edge * fit)), 0, 0];
      }
      rows = between(1, Math.round(count * between(0.25, STRIP_MS / Math.max(ms, 1), 2)), edge);
    }
    this.show(edge);
  }

  // Draws some rows of a picture of this edge; resolves to the milliseconds once they are there.
  async draw(numbers, care, edge, first, rows) {
    const { gl, places } = this;
    const [shadowStride, shadowSteps, shadowLeast, shadowMost] = care.shadow;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffer);
    gl.viewport(0, 0, edge, edge);
    gl.enable(gl.SCISSOR_TEST);
    gl.uniform1fv(places.P, numbers);
    gl.uniform1f(places.size, edge);
    gl.uniform1i(places.rays, care.rays);
    gl.uniform1f(places.stride, care.stride);
    gl.uniform1i(places.steps, care.steps);
    gl.uniform1f(places.shadowStride, shadowStride);
    gl.uniform1i(places.shadowSteps, shadowSteps);
    gl.uniform1f(places.shadowLeast, shadowLeast);
    gl.uniform1f(places.shadowMost, shadowMost);
    const began = performance.now();
    for (const [from, count] of wrapped(first, rows, edge)) {
      gl.scissor(0, from, edge, count);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
    gl.disable(gl.SCISSOR_TEST);
    await this.finished();
    return performance.now() - began;
  }

  // Resolves when the card has done everything it was asked for.
  async finished() {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (fence && !this.isReleased) {
      await nextFrame();
      const state = gl.clientWaitSync(fence, 0, 0);
      if (state !== gl.TIMEOUT_EXPIRED) break;
    }
    gl.deleteSync(fence);
  }

  show(edge) {
    const { gl, size } = this;
    if (this.isReleased) return;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.buffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, edge, edge, 0, 0, size, size, gl.COLOR_BUFFER_BIT, gl.LINEAR);
    gl.canvas.dataset.shown = edge;
  }

  fail() {
    if (this.isReleased) return;
    this.isReleased = true;
    this.onLost();
  }

  // Gives the card its memory back.
  release() {
    if (this.isReleased) return;
    this.isReleased = true;
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

// Rows that may go on at the other end, as pieces of [first, count].
function wrapped(first, rows, edge) {
  const count = Math.min(rows, edge - first);
  return count < rows
    ? [
        [first, count],
        [0, rows - count],
      ]
    : [[first, count]];
}
