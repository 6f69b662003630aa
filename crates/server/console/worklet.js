// The phone's ear and mouth, on the audio thread: µ-law at 8 kHz in and out of the page's rate.
//
// What arrives waits in a short buffer, so that a late frame is not heard as a gap; what has
// waited too long is dropped, so that the delay never grows.

const RATE = 8000;
const FRAME = 160;
/** Samples that wait before the first is heard: 40 ms. */
const AHEAD = 320;
/** Samples that wait at most: 120 ms. */
const WAIT_MAX = 960;

const DECODED = new Float32Array(256);
for (let byte = 0; byte < 256; byte++) {
  const u = ~byte & 255;
  const value = ((((u & 15) << 3) + 132) << ((u >> 4) & 7)) - 132;
  DECODED[byte] = (u & 128 ? -value : value) / 32768;
}

/** @param {number} sample */
function encode(sample) {
  let value = Math.max(-32635, Math.min(32635, Math.round(sample * 32768)));
  const sign = value < 0 ? 128 : 0;
  value = Math.abs(value) + 132;
  let exponent = 7;
  for (let mask = 16384; exponent > 0 && !(value & mask); mask >>= 1) exponent--;
  return ~(sign | (exponent << 4) | ((value >> (exponent + 3)) & 15)) & 255;
}

class Phone extends AudioWorkletProcessor {
  constructor() {
    super();
    /** @type {Float32Array} */
    this.heard = new Float32Array(RATE);
    this.read = 0;
    this.write = 0;
    this.part = 0;
    this.playing = false;
    this.speaking = false;
    this.said = new Uint8Array(FRAME);
    this.count = 0;
    this.sum = 0;
    this.added = 0;
    this.phase = 0;
    this.port.onmessage = (event) => {
      if (event.data === 'speak') {
        this.speaking = true;
        return;
      }
      for (const byte of new Uint8Array(event.data)) {
        this.heard[this.write % RATE] = DECODED[byte];
        this.write++;
      }
      if (this.write - this.read > WAIT_MAX) this.read = this.write - AHEAD;
      if (this.write - this.read >= AHEAD) this.playing = true;
    };
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs */
  process(inputs, outputs) {
    const out = outputs[0][0];
    const step = RATE / sampleRate;
    for (let n = 0; n < out.length; n++) {
      if (!this.playing || this.write - this.read < 2) {
        this.playing = false;
        out[n] = 0;
        continue;
      }
      const a = this.heard[this.read % RATE];
      const b = this.heard[(this.read + 1) % RATE];
      out[n] = a + (b - a) * this.part;
      this.part += step;
      while (this.part >= 1) {
        this.part -= 1;
        this.read++;
      }
    }
    const mouth = inputs[0][0];
    if (this.speaking && mouth) {
      for (const sample of mouth) {
        this.sum += sample;
        this.added++;
        this.phase += step;
        if (this.phase < 1) continue;
        this.phase -= 1;
        this.said[this.count++] = encode(this.sum / this.added);
        this.sum = 0;
        this.added = 0;
        if (this.count === FRAME) {
          const frame = this.said.slice().buffer;
          this.port.postMessage(frame, [frame]);
          this.count = 0;
        }
      }
    }
    return true;
  }
}

registerProcessor('phone', Phone);
