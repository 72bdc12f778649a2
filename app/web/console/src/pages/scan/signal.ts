/** Hertz and seconds: a high short tone for a valid card, two low ones for anything else. */
const good: [number, number][] = [[1320, 0.12]];
const bad: [number, number][] = [
  [330, 0.16],
  [330, 0.16],
];
const GAP = 0.08;

let context: AudioContext | null = null;

/** Sounds the answer. Browsers stay silent until the person has touched the page once. */
export function sound(valid: boolean): void {
  context ??= new AudioContext();
  void context.resume();
  let at = context.currentTime;
  for (const [pitch, length] of valid ? good : bad) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + GAP;
  }
}

/** Shakes the phone, where it can: once for a valid card, twice for anything else. */
export function shake(valid: boolean): void {
  navigator.vibrate?.(valid ? 80 : [120, 80, 120]);
}
