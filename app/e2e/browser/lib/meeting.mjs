// Meetings as browsers take part in them: what they bring along, and how their connections do.
import assert from 'node:assert/strict';
import { accessible, overlaps, settle, sideways } from './look.mjs';
import { at, send, shotPath } from './world.mjs';

/** What a camera and a microphone that are made up take. Windows of one browser find each other by plain addresses. */
export const cameras = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Keeps the connections of the page where a test can ask them how they do. */
export async function countable(page) {
  await page.addInitScript(() => {
    window.connections = [];
    window.sockets = [];
    const { RTCPeerConnection: Peer, WebSocket: Socket } = window;
    window.RTCPeerConnection = class extends Peer {
      constructor(...given) {
        super(...given);
        window.connections.push(this);
      }
    };
    window.WebSocket = class extends Socket {
      constructor(...given) {
        super(...given);
        window.sockets.push(this);
      }
    };
  });
}

/**
 * Gives the page a camera and a microphone of its own: a picture of a size, of one colour with a bar that moves, and a tone. `hertz` is the
 * tone; it sounds as long as the page's `window.talking` is true.
 */
export async function disguised(page, { hertz, width = 320, height = 180, rate = 10, colour = '#375' }) {
  await page.addInitScript(
    (made) => {
      window.talking = false;
      const camera = () => {
        const canvas = document.createElement('canvas');
        canvas.width = made.width;
        canvas.height = made.height;
        const pen = canvas.getContext('2d');
        let n = 0;
        const draw = () => {
          pen.fillStyle = made.colour;
          pen.fillRect(0, 0, made.width, made.height);
          pen.fillStyle = '#fff';
          pen.fillRect((n++ * 8) % made.width, 0, 12, made.height);
        };
        draw();
        const [track] = canvas.captureStream(made.rate).getTracks();
        const timer = setInterval(
          () => (track.readyState === 'live' ? draw() : clearInterval(timer)),
          1000 / made.rate,
        );
        return track;
      };
      const microphone = () => {
        const context = new AudioContext();
        const tone = context.createOscillator();
        tone.frequency.value = made.hertz;
        const volume = context.createGain();
        volume.gain.value = 0;
        const out = context.createMediaStreamDestination();
        tone.connect(volume).connect(out);
        tone.start();
        const [track] = out.stream.getTracks();
        const timer = setInterval(() => {
          volume.gain.value = window.talking ? 0.5 : 0;
          if (track.readyState === 'live') return;
          clearInterval(timer);
          void context.close();
        }, 50);
        return track;
      };
      if (!navigator.mediaDevices) return;
      navigator.mediaDevices.getUserMedia = async ({ audio, video }) =>
        new MediaStream([...(video ? [camera()] : []), ...(audio ? [microphone()] : [])]);
    },
    { hertz, width, height, rate, colour },
  );
}

/**
 * What came and went by the newest connection so far: pictures and their heights, the energy of what is heard, what is sent of pictures by
 * layer and of sound, how the way to the server goes. Firefox keeps for each layer that is sent a report with its rid, as Chromium does.
 */
export function counts(page) {
  return page.evaluate(async () => {
    const sum = { frames: 0, heights: [], energy: 0, layers: {}, sizes: {}, pictures: 0, sound: 0, way: null };
    const reports = await window.connections.at(-1).getStats();
    for (const report of reports.values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video' && report.framesDecoded > 0) {
        sum.frames += report.framesDecoded;
        sum.heights.push(report.frameHeight);
      }
      if (report.type === 'inbound-rtp' && report.kind === 'audio') sum.energy += report.totalAudioEnergy ?? 0;
      if (report.type === 'outbound-rtp' && report.kind === 'audio') sum.sound += report.packetsSent;
      if (report.type === 'outbound-rtp' && report.kind === 'video') {
        sum.pictures += report.framesSent ?? report.framesEncoded ?? 0;
        if (report.rid) {
          sum.layers[report.rid] = report.framesSent ?? report.framesEncoded ?? 0;
          sum.sizes[report.rid] = report.frameHeight ?? 0;
        }
      }
      if (report.type === 'candidate-pair' && report.state === 'succeeded' && report.nominated) {
        const [local, remote] = [reports.get(report.localCandidateId), reports.get(report.remoteCandidateId)];
        if (!sum.way || report.bytesReceived > sum.way.received)
          sum.way = {
            local: local?.candidateType,
            remote: remote?.candidateType,
            protocol: local?.protocol,
            relay: local?.relayProtocol ?? '',
            url: local?.url ?? '',
            received: report.bytesReceived,
          };
      }
    }
    return sum;
  });
}

/** Waits until something is so of the counts of a page; fails with what they are. */
export async function counted(page, what, is, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    const now = await counts(page);
    if (is(now)) return now;
    if (Date.now() > end) assert.fail(`${what}: ${JSON.stringify(now)}`);
    await page.waitForTimeout(200);
  }
}

/** Waits until more has come since a count: so many pictures, and so much sound. */
export async function grows(page, what, least, before) {
  const from = before ?? (await counts(page))[what];
  await counted(page, `${what} does not grow from ${from}`, (now) => now[what] - from >= least);
}

/** Sound that came within two seconds. */
export async function soundOf(page) {
  const { energy } = await counts(page);
  await page.waitForTimeout(2000);
  return (await counts(page)).energy - energy;
}

/** The tones, out of some, that are heard on the page just now. */
export function tones(page, some) {
  return page.evaluate(async (wanted) => {
    const tracks = window.connections
      .at(-1)
      .getReceivers()
      .flatMap(({ track }) => (track.kind === 'audio' ? [track] : []));
    const context = new AudioContext({ sampleRate: 48_000 });
    await context.resume();
    const ear = context.createAnalyser();
    ear.fftSize = 8192;
    ear.smoothingTimeConstant = 0;
    for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(ear);
    await new Promise((heard) => setTimeout(heard, 600));
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    await context.close();
    const width = 48_000 / ear.fftSize;
    return wanted.filter((hertz) => {
      const bin = Math.round(hertz / width);
      return Math.max(levels[bin - 1], levels[bin], levels[bin + 1]) > -50;
    });
  }, some);
}

/** Waits until so many pictures more have been shown in a video. */
export async function moves(video, pictures) {
  const shown = await video.evaluate(
    (element, wanted) =>
      new Promise((done) => {
        let n = 0;
        const late = setTimeout(() => done(n), 20_000);
        const count = () => {
          if (++n < wanted) element.requestVideoFrameCallback(count);
          else {
            clearTimeout(late);
            done(n);
          }
        };
        element.requestVideoFrameCallback(count);
      }),
    pictures,
  );
  assert.equal(shown, pictures, 'the picture stands still');
}

/** The height of somebody's picture as it comes, in pixels of the picture; 0 while nothing comes. */
export function heightOf(page, name) {
  return tile(page, name)
    .first()
    .evaluate((element) => {
      const video = element.querySelector('video.shown');
      return video?.videoHeight ?? 0;
    });
}

export const bar = (page) => page.getByRole('navigation', { name: '会议操作' });
export const press = (page, name) => bar(page).getByRole('button', { name }).click();
export const tile = (page, name) => page.locator('.tile').filter({ hasText: name });
export const panel = (page, name) => page.getByRole('complementary', { name });

/** Holds a meeting now, as who is signed in on the page. */
export async function held(page, plan) {
  const { code, body } = await send(page, 'POST', '/v1/meetings', {
    plan: { minutes: 60, openTo: 'anyone', ...plan },
    instant: true,
  });
  assert.equal(code, 200, JSON.stringify(body));
  return body;
}

/** Goes in by a link: as a guest of a name, or as who is signed in there. */
export async function enters(page, link, name = '') {
  await page.goto(link);
  if (name) await page.getByLabel('您的姓名').pressSequentially(name);
  await page.getByRole('button', { name: '加入会议' }).click();
  await bar(page).waitFor();
}

/** Waits until somebody's picture is there. */
export const sees = (page, name) => tile(page, name).locator('video.shown').first().waitFor();

/** The address of a meeting on the host of a body. */
export const addressOf = (host, { number }) => at(host, `/meet/${number}`);

/** Keeps a picture of the page, and what every page must keep to. */
export async function sound(page, name) {
  await settle(page);
  await page.screenshot({ path: shotPath(name) });
  assert.deepEqual(await accessible(page), [], name);
  assert.deepEqual(await overlaps(page), [], name);
  assert.equal(await sideways(page), 0, name);
}
