// Sound of a call: µ-law at 8 kHz over a WebSocket, both ways, through an AudioWorklet.
//
// Hearing needs a gesture on the page, speaking needs a microphone and a secure page (localhost
// or TLS). Without either the call goes on with captions. A page that is not secure has no worklet,
// too: it hears piece by piece.

/** @type {AudioContext | null} */
let context = null;
/** @type {Promise<void> | null} */
let worklet = null;

/** One context for the page: browsers allow few. */
export async function ready() {
  context ??= new AudioContext({ latencyHint: 'interactive' });
  if (context.audioWorklet) worklet ??= context.audioWorklet.addModule('/console/worklet.js');
  await worklet;
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  return context;
}

/** Whether this page may ask for a microphone at all. */
export const canSpeak = () => isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** The two tones of a key, for the ear of who presses it. @param {string} key */
export async function keyTone(key) {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  if (row < 0) return;
  const audio = await ready().catch(() => null);
  if (!audio) return;
  tones(audio, [ROWS[row], COLUMNS[KEYS[row].indexOf(key)]], 0.12, 0.06);
}

/** Two short rings. */
export async function ring() {
  const audio = await ready().catch(() => null);
  if (!audio || audio.state !== 'running') return;
  tones(audio, [440, 480], 0.4, 0.04);
  setTimeout(() => tones(audio, [440, 480], 0.4, 0.04), 550);
}

/** @param {AudioContext} audio @param {number[]} hertz @param {number} seconds @param {number} loud */
function tones(audio, hertz, seconds, loud) {
  const gain = audio.createGain();
  const now = audio.currentTime;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(loud, now + 0.01);
  gain.gain.setValueAtTime(loud, now + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, now + seconds);
  gain.connect(audio.destination);
  for (const frequency of hertz) {
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(now);
    tone.stop(now + seconds);
  }
}

/** Samples of a piece: 60 ms. */
const PIECE = 480;
/** Seconds that a piece may wait; what comes later than that is heard at once. */
const LATE = 0.3;

/** Hears without a worklet: pieces of sound, each to be heard when the one before has ended.
 * @param {AudioContext} audio @param {AudioNode} into @returns {(data: ArrayBuffer) => void} */
function pieces(audio, into) {
  /** @type {number[]} */
  let samples = [];
  let next = 0;
  return (data) => {
    for (const byte of new Uint8Array(data)) {
      const u = ~byte & 255;
      const value = ((((u & 15) << 3) + 132) << ((u >> 4) & 7)) - 132;
      samples.push((u & 128 ? -value : value) / 32768);
    }
    if (samples.length < PIECE) return;
    const buffer = audio.createBuffer(1, samples.length, 8000);
    buffer.copyToChannel(Float32Array.from(samples), 0);
    samples = [];
    if (next < audio.currentTime || next > audio.currentTime + LATE) next = audio.currentTime + 0.04;
    const piece = audio.createBufferSource();
    piece.buffer = buffer;
    piece.connect(into);
    piece.start(next);
    next += buffer.duration;
  };
}

/** @typedef {'connecting' | 'hearing' | 'blocked' | 'closed' | 'failed'} State */

export class CallAudio {
  /** @param {string} path the audio door of a call
   *  @param {(state: {state: State, speaking: boolean, why: string}) => void} tell */
  constructor(path, tell) {
    this.path = path;
    this.tell = tell;
    this.muted = false;
    this.speaking = false;
    /** @type {State} */
    this.state = 'connecting';
    this.why = '';
    this.frames = 0;
  }

  /** @param {State} state @param {string} [why] */
  set(state, why = '') {
    this.state = state;
    this.why = why;
    this.tell({ state, speaking: this.speaking, why });
  }

  async start() {
    try {
      const audio = await ready();
      if (this.state === 'closed') return;
      this.ear = audio.createAnalyser();
      this.ear.fftSize = 4096;
      this.ear.connect(audio.destination);
      if (audio.audioWorklet) {
        this.node = new AudioWorkletNode(audio, 'phone', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
        this.node.connect(this.ear);
      }
      const hears = this.node ? null : pieces(audio, this.ear);
      this.socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${this.path}`);
      this.socket.binaryType = 'arraybuffer';
      this.socket.onopen = () => this.set(audio.state === 'running' ? 'hearing' : 'blocked');
      this.socket.onmessage = (event) => {
        this.frames += 1;
        if (hears) hears(event.data);
        else this.node?.port.postMessage(event.data, [event.data]);
      };
      this.socket.onclose = () => this.state !== 'closed' && this.set(this.frames ? 'closed' : 'failed');
      if (this.node) this.node.port.onmessage = (event) => {
        if (this.socket?.readyState === WebSocket.OPEN && !this.muted) this.socket.send(event.data);
      };
    } catch (error) {
      this.set('failed', String(error));
    }
  }

  /** Hears after a gesture. */
  async unblock() {
    await context?.resume();
    if (context?.state === 'running') this.set('hearing');
  }

  /** Asks for the microphone. @returns {Promise<boolean>} */
  async speak() {
    if (!canSpeak() || !this.node || !context) return false;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } });
    } catch {
      return false;
    }
    this.mouth = context.createMediaStreamSource(this.stream);
    this.mouth.connect(this.node);
    this.node.port.postMessage('speak');
    this.speaking = true;
    this.tell({ state: this.state, speaking: true, why: '' });
    return true;
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.stream?.getAudioTracks().forEach((track) => (track.enabled = !muted));
  }

  /** How loud it is, 0 to 1, and the strongest frequency. */
  measure() {
    if (!this.ear || !context) return { loud: 0, hertz: 0 };
    const wave = new Float32Array(this.ear.fftSize);
    this.ear.getFloatTimeDomainData(wave);
    const loud = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
    const bins = new Float32Array(this.ear.frequencyBinCount);
    this.ear.getFloatFrequencyData(bins);
    let best = 1;
    for (let n = 2; n < bins.length; n++) if (bins[n] > bins[best]) best = n;
    return { loud, hertz: loud > 0.003 ? Math.round((best * context.sampleRate) / this.ear.fftSize) : 0 };
  }

  stop() {
    this.state = 'closed';
    this.socket?.close();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.mouth?.disconnect();
    this.node?.disconnect();
    this.ear?.disconnect();
  }
}
