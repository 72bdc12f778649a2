// A meeting over bad networks: what is said is understood where a fifth is lost, pictures follow a narrow way down and up again, the way in
// is short also on a slow phone, and who loses the network is back in the same seat.
import assert from 'node:assert/strict';
import { forget, length, network, received, speech, understood, watchful } from './lib/badnet.mjs';
import { account, journey, send, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

/** `make network` takes four times as long, and so sees four times as much. */
const LONG = process.env.NETWORK === 'long';

/** What is said: utterances of two seconds, over and over. */
const UTTERANCES = LONG ? 20 : 5;
const SEED = 7;
const file = await speech(UTTERANCES, SEED);

const args = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--autoplay-policy=no-user-gesture-required',
  `--use-file-for-fake-audio-capture=${file}`,
];

/** What a browser does to the sound of a microphone would count as a fault of the network. */
const untouched = (page) =>
  page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = ({ audio, ...rest }) =>
      open({
        ...rest,
        ...(audio && { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } }),
      });
  });

/** A browser that protects sound in no way: nothing twice, nothing asked for again, nothing mended from the next packet. */
const unprotected = (page) =>
  page.addInitScript(() => {
    const all = RTCRtpSender.getCapabilities.bind(RTCRtpSender);
    RTCRtpSender.getCapabilities = (kind) => {
      const said = all(kind);
      return { ...said, codecs: said.codecs.filter(({ mimeType }) => mimeType !== 'audio/red') };
    };
    const { prototype } = RTCPeerConnection;
    const { setRemoteDescription } = prototype;
    prototype.setRemoteDescription = function ({ type, sdp }) {
      return setRemoteDescription.call(this, { type, sdp: sdp.replaceAll('useinbandfec=1', 'useinbandfec=0') });
    };
  });

const bar = (page) => page.getByRole('navigation', { name: '会议操作' });

async function enter(page, link, name) {
  await page.goto(link);
  await page.getByRole('button', { name: '加入会议' }).waitFor();
  if (name) await page.getByLabel('您的姓名').fill(name);
  await page.getByRole('button', { name: '加入会议' }).click();
  await bar(page).waitFor();
}

/** Waits until something is so. */
async function until(what, is, within = 30_000) {
  const end = Date.now() + within;
  while (!(await is())) {
    assert.ok(Date.now() < end, `not within ${within} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

journey(
  'network',
  async ({ open, step }) => {
    const off = { 'meet.camera.on': 'off' };
    const silent = { ...off, 'meet.microphone.on': 'off' };
    const desk = await open();
    const meeting = async (title) =>
      (
        await send(desk, 'POST', '/v1/meetings', {
          plan: { title, minutes: 30, openTo: 'anyone' },
          instant: true,
        })
      ).body.link;
    const somebody = async (look, ...ways) => {
      const page = await open({ look });
      for (const way of ways) await way(page);
      const way = await network(page);
      await watchful(page);
      return { page, way };
    };
    const leave = async (...all) => {
      for (const { page, way } of all) {
        await page.context().close();
        way.close();
      }
    };

    await step('an officer signs in', () => signedIn(desk, officer.Host, officer.Phone, '/healthz'));

    await step('where a fifth is lost both ways, speech is understood; unprotected it is not', async () => {
      const said = {};
      const pair = async (name, ...ways) => {
        const link = await meeting('语音');
        const speaker = await somebody(off, untouched, ...ways);
        const listener = await somebody(silent, ...ways);
        await enter(listener.page, link, '听众');
        await enter(speaker.page, link, '讲话人');
        await until('sound comes', async () => (await received(listener.page)).samples > 48_000);
        const path = { loss: 0.2, delay: 30 };
        for (const { way } of [speaker, listener]) await way.set({ up: path, down: path });
        await listener.page.waitForTimeout(3000);
        const before = await received(listener.page);
        await listener.page.evaluate(() => window.listen());
        await listener.page.waitForTimeout(length(file) + 3000);
        const after = await received(listener.page);
        const found = understood(UTTERANCES, SEED, await listener.page.evaluate(() => window.recording()), file);
        said[name] = {
          stoi: found.stoi,
          concealed: (after.concealed - before.concealed) / (after.samples - before.samples),
        };
        await leave(speaker, listener);
      };
      await Promise.all([pair('protected'), pair('unprotected', unprotected)]);
      console.log(`    speech: ${JSON.stringify(said)}`);
      const good = ({ stoi, concealed }) => stoi >= 0.8 && concealed <= 0.06;
      assert.ok(good(said.protected), JSON.stringify(said));
      assert.ok(!good(said.unprotected), `the control passes: ${JSON.stringify(said)}`);
    });

    let link;
    let host;
    let guest;
    await step('the way from the link to the first picture is short', async () => {
      link = await meeting('画面');
      host = await somebody({ 'meet.microphone.on': 'off' });
      await enter(host.page, link, '主讲人');
      const first = async (look, conditions, prepare) => {
        const one = await somebody(look);
        await one.way.set(conditions);
        await prepare(one.page);
        const begin = Date.now();
        await enter(one.page, link, '来宾');
        await one.page.waitForFunction(() => window.drawn.length > 0);
        return { one, took: Date.now() - begin };
      };
      const near = await first(silent, {}, async () => {});
      guest = near.one;
      const far = await first(
        silent,
        { up: { delay: 75, rate: 1_600_000 }, down: { delay: 75, rate: 1_600_000 } },
        async (page) => {
          const session = await page.context().newCDPSession(page);
          await session.send('Network.enable');
          await session.send('Network.emulateNetworkConditions', {
            offline: false,
            latency: 150,
            downloadThroughput: 200_000,
            uploadThroughput: 200_000,
          });
          await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
        },
      );
      await bar(far.one.page).getByRole('button', { name: '离开' }).click();
      await far.one.page.getByRole('dialog').getByRole('button', { name: '离开会议' }).click();
      await far.one.page.getByRole('heading', { name: '您已离开会议' }).waitFor();
      await leave(far.one);
      console.log(`    link to first picture: ${near.took} ms here, ${far.took} ms far away`);
      assert.ok(near.took <= 3000, `${near.took} ms`);
      assert.ok(far.took <= 10_000, `${far.took} ms`);
    });

    await step('where the way gets narrow, pictures get smaller without standing still, and large again', async () => {
      const { page, way } = guest;
      const height = async () => (await received(page)).height;
      await until('a large picture', async () => (await height()) >= 360);
      const before = await received(page);
      await page.evaluate(() => {
        window.drawn.length = 0;
      });
      await way.set({ up: {}, down: { rate: 300_000 } });
      await until('a small picture', async () => (await height()) <= 240);
      await page.waitForTimeout(5000);
      const narrow = await received(page);
      await way.set({});
      await until('a large picture again', async () => (await height()) >= 360, 40_000);
      const gap = await page.evaluate(() => Math.max(...window.drawn.slice(1).map((now, i) => now - window.drawn[i])));
      const after = await received(page);
      console.log(
        `    300 kbit/s: longest pause ${Math.round(gap)} ms, ${after.freezes - before.freezes} freezes of ${(after.frozen - before.frozen).toFixed(2)} s, ${narrow.frames - before.frames} pictures meanwhile`,
      );
      assert.ok(narrow.height <= 240, `${narrow.height} after five seconds`);
      assert.ok(gap <= 1000, `a picture stood still for ${gap} ms`);
    });

    await step('who loses the network is back in the same seat within five seconds', async () => {
      const { page, way } = guest;
      const people = () => host.page.locator('.tile').evaluateAll((all) => all.map((one) => one.dataset.participant));
      const seats = (await people()).sort();
      assert.equal(seats.length, 2);
      for (const [what, change] of [
        ['the network changes and the signalling is cut', () => page.evaluate(() => window.sockets.at(-1).close())],
        ['the way of media alone is cut', async () => {}],
      ]) {
        await way.move();
        await page.evaluate(() => {
          window.drawn.length = 0;
        });
        const begin = Date.now();
        await change();
        // What was on its way is still drawn: a picture counts from a second after.
        await page.waitForFunction(
          (since) => window.drawn.some((now) => performance.timeOrigin + now > since),
          begin + 1000,
        );
        const took = Date.now() - begin;
        console.log(`    ${what}: pictures again after ${took} ms`);
        assert.ok(took <= 5000, `${what}: ${took} ms`);
        assert.deepEqual((await people()).sort(), seats, what);
        await page.waitForTimeout(1000);
      }
    });

    await leave(host, guest);
    forget(file);
  },
  args,
);
