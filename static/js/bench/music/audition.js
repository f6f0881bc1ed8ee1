// A seedling of tunes under the pointer: its roll on the canvas of the comparison, and its sound from
// the first phrase on. The tune of the bench waits meanwhile.

import { makePage } from "./page.js";
import { makeSynth } from "./synth.js";

// synth: the one that plays the tune of the bench.
export function makeAudition(synth) {
  let scout = null; // Its own instruments, so that the bench's tune keeps its place and its sound.
  let page = null;
  let frame = 0;
  let wasPlaying = false;

  function draw(now) {
    const isMoving = page.draw(now, scout?.isPlaying() ? scout.position() : null);
    frame = isMoving || scout?.isPlaying() ? requestAnimationFrame(draw) : 0;
  }

  function audition(tune, canvas) {
    page = makePage(canvas);
    page.show(tune);
    // Browsers allow sound only after somebody has clicked or typed.
    if (navigator.userActivation?.hasBeenActive ?? true) {
      scout ??= makeSynth({ onState() {} });
      wasPlaying = synth.isPlaying();
      synth.pause();
      scout.use(tune);
      scout.play(tune.sections[0]?.[0] ?? 0);
    }
    frame = requestAnimationFrame(draw);
  }

  function endAudition() {
    cancelAnimationFrame(frame);
    page = null;
    scout?.pause();
    if (wasPlaying) synth.play();
    wasPlaying = false;
  }

  return { audition, endAudition };
}
