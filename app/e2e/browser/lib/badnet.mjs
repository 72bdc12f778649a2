// Bad networks between a page and the media server: a relay in user space stands in the place of the server's address.
import { execFileSync, spawn } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { world } from './world.mjs';

const program = (...args) => execFileSync(world.badnet, args, { encoding: 'utf8' });

/** A file of n utterances, by a seed. */
export async function speech(n, seed) {
  const file = join(await mkdtemp(join(tmpdir(), 'gonghui-speech-')), 'speech.wav');
  program('speech', String(n), String(seed), file);
  return file;
}

/** Milliseconds of a file of speech: 16 bits at 48 kHz. */
export const length = (file) => statSync(file).size / 96;

/** How well the utterances are understood in a recording (48 kHz, mono, float32 as base64). */
export function understood(n, seed, recording, file) {
  const heard = file.replace('.wav', `-${Math.random()}.f32`);
  writeFileSync(heard, Buffer.from(recording, 'base64'));
  const found = JSON.parse(program('hear', String(n), String(seed), heard));
  rmSync(heard);
  return found;
}

export const forget = (file) => rmSync(join(file, '..'), { recursive: true });

/** One relay to an address, as a process. */
class Relay {
  #process;
  #lines;
  #told = Promise.resolve();

  constructor(address, seed) {
    this.#process = spawn(world.badnet, ['relay', address, String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async #next() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the relay has ended');
    return JSON.parse(value);
  }

  async port() {
    return Number((await this.#next()).addr.split(':').at(-1));
  }

  /** Says what happens to packets from now on, and brings the counts so far. */
  set(conditions) {
    const answer = this.#told.then(() => {
      this.#process.stdin.write(`${JSON.stringify(conditions)}\n`);
      return this.#next();
    });
    this.#told = answer.catch(() => undefined);
    return answer;
  }

  close() {
    this.#process.stdin.end();
  }
}

/**
 * The network of one page. Each answer of the media server names a relay in the place of the server. set changes what it does to packets
 * ({ up, down }: loss, delay and jitter in milliseconds, rate in bits a second); move is another network: what went by the one before goes
 * nowhere, and the next answer names a new relay.
 */
export async function network(page, { seed = 7, ...conditions } = {}) {
  const relays = [];
  let now = conditions;
  let current = null;
  await page.exposeFunction('badnetPort', async (address) => {
    if (!current) {
      const relay = new Relay(address, seed + relays.length);
      relays.push(relay);
      const port = await relay.port();
      await relay.set(now);
      current = { relay, port };
    }
    return current.port;
  });
  await page.addInitScript(() => {
    window.connections = [];
    window.sockets = [];
    const { RTCPeerConnection: Peer, WebSocket: Socket } = window;
    window.RTCPeerConnection = class extends Peer {
      constructor(...given) {
        super(...given);
        window.connections.push(this);
      }

      async setRemoteDescription({ type, sdp }) {
        let said = sdp;
        for (const [line, before, ip, port] of sdp.matchAll(/^(a=candidate:\S+ \d udp \d+ )(\S+) (\d+)/gm))
          said = said.replaceAll(line, `${before}127.0.0.1 ${await window.badnetPort(`${ip}:${port}`)}`);
        return super.setRemoteDescription({ type, sdp: said });
      }
    };
    window.WebSocket = class extends Socket {
      constructor(...given) {
        super(...given);
        window.sockets.push(this);
      }
    };
  });
  return {
    async set(next) {
      now = next;
      return current?.relay.set(next);
    },
    async move() {
      await current?.relay.set({ off: true });
      current = null;
    },
    close() {
      for (const relay of relays) relay.close();
    },
  };
}

/** Lets a page keep what it hears, from window.listen() on, and the moments at which pictures of others are drawn. */
export async function watchful(page) {
  await page.addInitScript(() => {
    window.heard = null;
    window.drawn = [];
    const Peer = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Peer {
      constructor(...given) {
        super(...given);
        this.addEventListener('track', async ({ track }) => {
          if (track.kind !== 'audio') return;
          const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 500 }).readable.getReader();
          for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            if (window.heard) {
              const samples = new Float32Array(value.numberOfFrames);
              value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
              const of = window.heard.get(track.id) ?? [];
              of.push(samples);
              window.heard.set(track.id, of);
            }
            value.close();
          }
        });
      }
    };
    window.listen = () => {
      window.heard = new Map();
    };
    /** What was heard at the place where most was, as base64 of floats. */
    window.recording = () => {
      const loud = (parts) => parts.reduce((sum, part) => sum + part.reduce((s, v) => s + v * v, 0), 0);
      const parts = [...window.heard.values()].sort((a, b) => loud(b) - loud(a))[0] ?? [];
      window.heard = null;
      const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      const bytes = new Uint8Array(all.buffer);
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    };
    /** Notes when pictures of others are drawn. */
    const follow = (video) => {
      if (video.followed) return;
      video.followed = true;
      const next = (now) => {
        if (now) window.drawn.push(now);
        video.requestVideoFrameCallback(next);
      };
      next();
    };
    const look = () => {
      for (const video of document.querySelectorAll('video[data-of]:not([data-of=""])')) follow(video);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Inbound figures of the newest connection: sound and pictures. */
export function received(page) {
  return page.evaluate(async () => {
    const sum = { samples: 0, concealed: 0, frames: 0, height: 0, freezes: 0, frozen: 0 };
    for (const report of (await window.connections.at(-1).getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      if (report.kind === 'audio') {
        sum.samples += report.totalSamplesReceived ?? 0;
        sum.concealed += report.concealedSamples ?? 0;
      } else if (report.framesDecoded > 0) {
        sum.frames += report.framesDecoded;
        sum.height = Math.max(sum.height, report.frameHeight);
        sum.freezes += report.freezeCount;
        sum.frozen += report.totalFreezesDuration;
      }
    }
    return sum;
  });
}
