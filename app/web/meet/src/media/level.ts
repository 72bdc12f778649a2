/**
 * loudness turns samples (−1 to 1) into a bar of 0 to 1: the root mean square in decibels, from −60 dBFS (silence) to −12 (as loud as
 * speech should be).
 */
export function loudness(samples: ArrayLike<number>): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  const db = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (db + 60) / 48));
}

/** From which loudness on somebody is taken to speak. */
export const SPEAKING = 0.25;

/**
 * listen tells how loud a track is, ten times a second, until it is told to stop. Where a page may not listen yet (nobody has touched
 * it), it tells nothing.
 */
export function listen(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  if (typeof AudioContext === 'undefined') return () => undefined;
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    ear.getFloatTimeDomainData(samples);
    tell(loudness(samples));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close().catch(() => undefined);
  };
}

/** Milliseconds after which a chime ends by itself: a machine without a speaker never plays it. */
const LONGEST = 3000;

/** chime plays three tones through a speaker, for who wants to know whether it is heard. It ends when they have been played. */
export async function chime(speaker: string): Promise<void> {
  const context = new AudioContext();
  try {
    const sink = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    if (speaker && sink.setSinkId) await sink.setSinkId(speaker).catch(() => undefined);
    const volume = context.createGain();
    volume.gain.value = 0.2;
    volume.connect(context.destination);
    const end = new Promise<void>((done) => {
      [523, 659, 784].forEach((hertz, i, all) => {
        const tone = context.createOscillator();
        tone.frequency.value = hertz;
        tone.connect(volume);
        tone.start(context.currentTime + i * 0.25);
        tone.stop(context.currentTime + i * 0.25 + 0.22);
        if (i === all.length - 1) tone.onended = () => done();
      });
    });
    await Promise.race([end, new Promise((late) => setTimeout(late, LONGEST))]);
  } finally {
    await context.close().catch(() => undefined);
  }
}
