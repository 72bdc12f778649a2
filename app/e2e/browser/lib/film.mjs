// Finished films of meetings, looked at picture by picture.
import { execFileSync } from 'node:child_process';

const [WIDTH, HEIGHT] = [1280, 720];

/** The places of so many people, as media/record/layout has them; up to four. */
export function places(n) {
  if (n === 1) return [{ x: 0, y: 0, w: WIDTH, h: HEIGHT }];
  const [w, h] = [WIDTH / 2, HEIGHT / 2];
  const rows = Math.ceil(n / 2);
  return Array.from({ length: n }, (_, i) => {
    const row = Math.floor(i / 2);
    const left = row === rows - 1 ? (WIDTH - (n - row * 2) * w) / 2 : 0;
    return { x: left + (i % 2) * w, y: (HEIGHT - rows * h) / 2 + row * h, w, h };
  });
}

/** The colours of "#rgb". */
const parts = (colour) => [...colour.slice(1)].map((digit) => Number.parseInt(digit + digit, 16));

/** The picture of a film so many seconds after its beginning. */
export function pictureAt(film, seconds) {
  const raw = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-ss',
      seconds.toFixed(3),
      '-i',
      film,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    { maxBuffer: WIDTH * HEIGHT * 4 },
  );
  const off = (x, y, want) => {
    const at = (Math.round(y) * WIDTH + Math.round(x)) * 3;
    return Math.hypot(...want.map((part, i) => raw[at + i] - part));
  };
  return {
    /** Whether a place shows the ground of somebody's picture: a bar that moves over it may be in front of some of it. */
    shows({ x, y, w, h }, colour) {
      const want = parts(colour);
      const near = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9].filter((part) => off(x + w * part, y + h * 0.4, want) < 40);
      return near.length >= 4;
    },
    /** How much of the whole picture has a colour, in parts of it. */
    share(colour) {
      const want = parts(colour);
      let [n, all] = [0, 0];
      for (let y = 4; y < HEIGHT; y += 8)
        for (let x = 4; x < WIDTH; x += 8) {
          all++;
          if (off(x, y, want) < 40) n++;
        }
      return n / all;
    },
  };
}

/** How loud a tone is in a second of a film, against the loudest that there can be. */
export function toneAt(film, seconds, hertz) {
  const rate = 48_000;
  const raw = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-ss',
      seconds.toFixed(3),
      '-i',
      film,
      '-t',
      '1',
      '-map',
      '0:a',
      '-ac',
      '1',
      '-ar',
      `${rate}`,
      '-f',
      's16le',
      '-',
    ],
    { maxBuffer: rate * 4 },
  );
  let [re, im] = [0, 0];
  const n = Math.floor(raw.length / 2);
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * hertz * i) / rate;
    re += raw.readInt16LE(2 * i) * Math.cos(angle);
    im += raw.readInt16LE(2 * i) * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / n / 32_768;
}
