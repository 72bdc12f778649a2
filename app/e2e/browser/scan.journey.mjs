// A member's card before an officer's camera: accepted, and refused when it is old.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { account, at, journey, launch, phone, send, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

/** Seconds of a step of the codes. */
const STEP = 30;

/** The code of a card for a step, as the phone makes it. */
function cardCode({ head, secret }, step) {
  const mac = createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${head}.${step}`).digest();
  return `${head}.${step}.${mac.subarray(0, 12).toString('base64url')}`;
}

journey('scan', async ({ open, step }) => {
  const holder = await open({ viewport: phone, deviceScaleFactor: 2 });
  const desk = await open();
  const { quiet } = watch(desk);
  const verify = async (code, word) => {
    await desk.getByLabel('输入或粘贴卡码').fill(code);
    await desk.getByRole('button', { name: '验证', exact: true }).click();
    await desk.getByRole('heading', { name: word }).waitFor();
  };
  let card;

  await step('without a camera the page says so, and takes a pasted code', async () => {
    await signedIn(desk, officer.Host, officer.Phone, '/healthz');
    // A member of its own: the published one is signed out everywhere by who walks the members' app meanwhile.
    await newMember(desk, holder, officer.Body);
    card = (await send(holder, 'GET', '/v1/own/card')).body;
    await desk.goto(at(officer.Host, '/console/scan'));
    await desk.getByText('没有找到摄像头').waitFor();
    await verify(cardCode(card, Math.floor(Date.now() / 1000 / STEP)), '有效');
    await desk.getByText(card.memberNo).first().waitFor();
    await settle(desk);
    assert.deepEqual(await accessible(desk), []);
  });

  await step('an old code is expired, another text unknown; earlier answers stay', async () => {
    await verify(cardCode(card, Math.floor(Date.now() / 1000 / STEP) - 5), '已过期');
    await verify('https://example.org/', '无法识别');
    await desk.getByRole('region', { name: '刚才验证的' }).getByText('已过期').waitFor();
    await desk.setViewportSize(phone);
    await settle(desk);
    assert.equal(await sideways(desk), 0);
  });

  await step('the code on the phone is read by the camera', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'scan-'));
    // A picture of the code, as a camera would see it: one JPEG is a film of one frame.
    const film = join(dir, 'card.mjpeg');
    await holder.goto(at(officer.Host, '/'));
    await holder.getByRole('link', { name: '出示会员码' }).click();
    const picture = holder.getByRole('img', { name: /会员码/ });
    await picture.waitFor();
    writeFileSync(film, await picture.screenshot({ type: 'jpeg', quality: 95 }));
    const browser = await launch([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    try {
      const context = await browser.newContext({ locale: 'zh-CN', viewport: phone });
      const page = await context.newPage();
      await signedIn(page, officer.Host, officer.Phone, '/console/scan');
      await page.getByRole('heading', { name: '有效' }).waitFor({ timeout: 40_000 });
      await page.getByText(card.memberNo).first().waitFor();
    } finally {
      await browser.close();
      rmSync(dir, { recursive: true });
    }
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
