// A meeting is recorded: who is asked agrees or does not, one drops out, one goes to a breakout room; the film is made, played under a
// watermark, shared, refused to others, taken along, kept, deleted. Every picture of it that is looked at has who agreed, and nobody else.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMember } from './lib/enrol.mjs';
import { pictureAt, places, toneAt } from './lib/film.mjs';
import { watch } from './lib/look.mjs';
import { bar, cameras, countable, disguised, enters, held, panel, press, sees, sound, tile } from './lib/meeting.mjs';
import { account, at, desktop, journey, phone, send, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
const admin = account('admin', '440103');
const member = account('member', '440103');
const title = '工会经费审查委员会会议';

const host = { hertz: 480, colour: '#375' };
const colleague = { name: member.Name, hertz: 620, colour: '#735' };
const guest = { name: '贺知行', hertz: 800, colour: '#257' };
const quietOne = { name: '江晓岚', hertz: 1000, colour: '#ca0' };

journey(
  'recording',
  async ({ open, step }) => {
    const desk = await open();
    const { quiet } = watch(desk);
    const pages = {};
    const moments = {};
    let meeting;
    let began;
    let recording;
    let film;
    /** Notes what the film has to show a second from now, and lets that second pass. */
    const moment = async (name) => {
      await desk.waitForTimeout(1000);
      moments[name] = Date.now();
      await desk.waitForTimeout(1200);
    };
    const asked = (page) => page.getByRole('dialog', { name: '会议正在录制' });
    const talks = (page, on) =>
      page.evaluate((now) => {
        window.talking = now;
      }, on);
    const more = async (name) => {
      await press(desk, '更多');
      await desk.getByRole('menuitem', { name }).click();
    };

    await step('a member and two guests come to an officer', async () => {
      await countable(desk);
      await disguised(desk, host);
      await signedIn(desk, officer.Host, officer.Phone, '/healthz');
      meeting = await held(desk, { title });
      await enters(desk, meeting.link);
      for (const one of [colleague, guest, quietOne]) {
        const page = await open(
          one === guest
            ? { viewport: phone, deviceScaleFactor: 2, hasTouch: true }
            : {
                viewport: { width: 900, height: 640 },
                ...(one === quietOne && { look: { locale: 'en', mode: 'dark' } }),
              },
        );
        await countable(page);
        await disguised(page, one);
        pages[one.name] = page;
        if (one === colleague) {
          await signedIn(page, member.Host, member.Phone, '/healthz');
          await enters(page, meeting.page);
        } else if (one === guest) await enters(page, meeting.link, one.name);
        else {
          await page.goto(meeting.link);
          await page.getByLabel('Your name').fill(one.name);
          await page.getByRole('button', { name: 'Join', exact: true }).click();
          await page.locator('.tile').first().waitFor();
        }
        await sees(desk, one.name);
        await talks(page, true);
      }
    });

    await step('recording begins, and everybody is asked', async () => {
      await more('录制会议');
      await sound(desk, 'recording-begin');
      await desk.getByRole('dialog').getByRole('button', { name: '开始录制' }).click();
      await desk.getByText('录制中').first().waitFor();
      await asked(pages[colleague.name]).waitFor();
      await sound(pages[colleague.name], 'recording-asked');
      await sound(pages[guest.name], 'recording-asked-phone');
      await pages[quietOne.name].getByRole('dialog', { name: 'This meeting is being recorded' }).waitFor();
      await sound(pages[quietOne.name], 'recording-asked-en-dark');
    });

    await step('one does not agree and is held, the others are recorded', async () => {
      await pages[quietOne.name].getByRole('button', { name: 'I do not; I only listen' }).click();
      await pages[quietOne.name].getByText('You did not agree to be recorded').waitFor();
      await tile(desk, quietOne.name).locator('video.shown').waitFor({ state: 'detached' });
      for (const { name } of [colleague, guest]) {
        await asked(pages[name]).getByRole('button', { name: '同意录制' }).click();
        await pages[name].getByText('录制中').first().waitFor();
        await desk.waitForTimeout(200); // in the film they stand in the order in which they agreed
      }
      await moment('all');
      await sound(desk, 'recording-on');
      await sound(pages[guest.name], 'recording-on-phone');
      await sound(pages[quietOne.name], 'recording-held-en-dark');
    });

    await step('one drops out and comes back, and is not asked again', async () => {
      const page = pages[colleague.name];
      await page.reload();
      await page.getByRole('button', { name: '加入会议' }).click();
      await bar(page).waitFor();
      await sees(desk, colleague.name);
      await talks(page, true);
      await page.getByText('录制中').first().waitFor();
      assert.equal(await asked(page).count(), 0);
      await moment('back');
    });

    await step('one goes to a breakout room, which is not recorded, and comes back', async () => {
      const rooms = panel(desk, '分组讨论');
      await more('分组讨论');
      await rooms.getByLabel('讨论室数量').fill('1');
      await rooms.getByRole('button', { name: '建立讨论室' }).click();
      await rooms.getByRole('checkbox', { name: guest.name }).check();
      await rooms.getByLabel('将 1 人移动到').selectOption({ index: 1 });
      await rooms.getByRole('button', { name: '打开讨论室' }).click();
      const page = pages[guest.name];
      await page.getByText('主会场正在录制，讨论室里的声音和画面不录制。').waitFor();
      await page.getByText('此处不录制').waitFor();
      await tile(desk, guest.name).waitFor({ state: 'detached' });
      await moment('apart');
      await sound(page, 'recording-breakout-phone');
      await rooms.getByRole('button', { name: '关闭讨论室' }).click();
      await rooms.getByRole('button', { name: '立即关闭' }).click();
      await page.getByText('此处不录制').waitFor({ state: 'detached' });
      await sees(desk, guest.name);
      await moment('together');
    });

    await step('the officer stops it and ends the meeting', async () => {
      await more('停止录制');
      await desk.getByRole('dialog').getByRole('button', { name: '停止录制' }).click();
      await pages[quietOne.name].getByText('You did not agree to be recorded').waitFor({ state: 'detached' });
      await press(desk, '结束');
      await desk.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      await desk.getByRole('heading', { name: '会议已结束' }).waitFor();
      for (const page of [pages[guest.name], pages[quietOne.name]]) await page.context().close();
    });

    await step('the film is made, and the console shows how far it is', async () => {
      await desk.setViewportSize(desktop);
      await desk.goto(at(officer.Host, '/console/meetings?state=past'));
      await desk.getByRole('link', { name: title }).first().click();
      await desk
        .getByRole('dialog')
        .getByText(/合成|可播放/)
        .first()
        .waitFor();
      await sound(desk, 'recording-making');
      const list = `/v1/meetings/${meeting.id}/recordings`;
      for (let n = 0; ; n++) {
        [recording] = (await send(desk, 'GET', list)).body.recordings;
        if (recording.state === 'ready') break;
        assert.ok(n < 240 && recording.state !== 'failed', JSON.stringify(recording));
        await desk.waitForTimeout(500);
      }
      began = Date.parse(recording.beganAt);
      assert.equal(recording.people, 3);
      await desk.getByRole('dialog').getByText('可播放').waitFor();
      await sound(desk, 'recording-ready');
    });

    await step('it plays, under the name of who plays it, from wherever they like', async () => {
      await desk.getByRole('dialog').getByRole('button', { name: '播放', exact: true }).click();
      const video = desk.locator('video');
      await video.waitFor();
      await desk.waitForFunction(() => document.querySelector('video').readyState >= 2);
      const size = await video.evaluate((one) => [one.videoWidth, one.videoHeight]);
      assert.deepEqual(size, [1280, 720]);
      const from = await video.evaluate(async (one) => {
        one.currentTime = 3;
        one.muted = true;
        await one.play();
        return one.currentTime;
      });
      await desk.waitForFunction((least) => document.querySelector('video').currentTime > least + 0.5, from);
      await video.evaluate((one) => one.pause());
      const mark = () =>
        desk.evaluate(() => {
          const found = [...document.querySelectorAll('.film-picture > *')].filter((e) =>
            e.localName.startsWith('mark-'),
          );
          return found.map((e) => decodeURIComponent(e.style.backgroundImage)).join();
        });
      assert.match(await mark(), new RegExp(`>${officer.Name} ${officer.Phone.slice(-4)} `));
      await desk.evaluate(() => {
        for (const e of document.querySelectorAll('.film-picture > *')) if (e.localName !== 'video') e.remove();
      });
      await desk.waitForTimeout(200);
      assert.match(await mark(), new RegExp(officer.Name));
      await sound(desk, 'recording-played');
      const part = await video.evaluate(async (one) => {
        const reply = await fetch(one.src, { headers: { Range: 'bytes=4-7' } });
        return [reply.status, await reply.text(), reply.headers.get('Content-Range')];
      });
      assert.deepEqual(part.slice(0, 2), [206, 'ftyp']);
      assert.match(part[2], /^bytes 4-7\/\d+$/);
      film = await video.evaluate((one) => new URL(one.src).pathname + new URL(one.src).search);
      await desk.keyboard.press('Escape');
      await video.waitFor({ state: 'detached' });
    });

    await step('until it is shared nobody else has it; then who was there has, and may not take it along', async () => {
      const page = pages[colleague.name];
      const play = (one, download = false) => send(one, 'POST', `/v1/recordings/${recording.id}:play`, { download });
      assert.equal((await play(page)).code, 404);
      await page.setViewportSize(phone);
      await page.goto(at(member.Host, '/meetings/films'));
      await page.getByText('还没有共享给您的录制').waitFor();
      await sound(page, 'recording-films-none');
      await desk.getByRole('button', { name: /更多操作/ }).click();
      await desk.getByRole('menuitem', { name: '共享给参会人' }).click();
      await desk.getByText('已共享给受邀人和参会人').waitFor();

      await page.reload();
      await page.getByText(title).waitFor();
      await page.getByRole('button', { name: '播放' }).click();
      await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
      await page.locator('video').evaluate(async (one) => {
        one.muted = true;
        await one.play();
      });
      await page.waitForFunction(() => document.querySelector('video').currentTime > 0.5);
      await page.locator('video').evaluate((one) => one.pause());
      await sound(page, 'recording-films-phone');
      const saved = await play(page, true);
      assert.deepEqual([saved.code, saved.body.reason], [403, 'RECORDING_SAVE']);
      const others = await page.evaluate(async (url) => (await fetch(url)).status, film);
      assert.equal(others, 403);
      // By the link of the meeting, too.
      await page.setViewportSize(desktop);
      await page.goto(meeting.page);
      await page.getByRole('button', { name: /^播放 .* 的录制$/ }).click();
      await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
      await sound(page, 'recording-over');

      const stranger = await open({ viewport: phone });
      await newMember(desk, stranger, '440103');
      assert.equal((await play(stranger)).code, 404);
      assert.deepEqual((await send(stranger, 'GET', '/v1/meetings:sharedRecordings')).body.recordings, []);
      await stranger.context().close();
    });

    await step('taken along, the film has who agreed in their places, and nobody else', async () => {
      await desk.getByRole('button', { name: /更多操作/ }).click();
      await desk.getByRole('menuitem', { name: '下载' }).click();
      const coming = desk.waitForEvent('download');
      await desk.getByRole('dialog').last().getByRole('button', { name: '下载' }).click();
      const file = await coming;
      assert.match(file.suggestedFilename(), new RegExp(`^${title} \\d{4}-\\d{2}-\\d{2}\\.mp4$`));
      const path = join(tmpdir(), `recording-${recording.id}.mp4`);
      await file.saveAs(path);
      const all = [host, colleague, guest];
      for (const [name, there] of Object.entries({ all, back: all, apart: [host, colleague], together: all })) {
        const seconds = (moments[name] - began) / 1000;
        const picture = pictureAt(path, seconds);
        for (const [i, where] of places(there.length).entries())
          assert.ok(
            picture.shows(where, there[i].colour),
            `${name}, after ${seconds} s: not ${there[i].colour} in place ${i}`,
          );
        assert.ok(picture.share(quietOne.colour) < 0.002, `${name}: who did not agree is in the picture`);
        for (const one of [colleague, guest]) {
          const loud = toneAt(path, seconds, one.hertz);
          assert.equal(loud > 0.02, there.includes(one), `${name}: ${one.hertz} Hz at ${loud}`);
        }
        assert.ok(toneAt(path, seconds, quietOne.hertz) < 0.01, `${name}: who did not agree is heard`);
      }
      rmSync(path);
    });

    await step('an administrator keeps it, lets it go, and deletes it', async () => {
      const page = await open();
      await signedIn(page, admin.Host, admin.Phone, '/console/meetings/recordings');
      const row = page.getByRole('row').filter({ hasText: title });
      await row.waitFor();
      await sound(page, 'recording-list');
      const act = async (name) => {
        await row.getByRole('button', { name: /更多操作/ }).click();
        await page.getByRole('menuitem', { name, exact: true }).click();
      };
      await act('录制意愿');
      await page.getByRole('dialog').getByText(quietOne.name).waitFor();
      await sound(page, 'recording-consents');
      await page.keyboard.press('Escape');
      await act('保留，不自动删除');
      await row.getByText(/保留/).waitFor();
      await row.getByRole('button', { name: /更多操作/ }).click();
      await page.getByRole('menuitem', { name: '取消保留' }).waitFor();
      assert.equal(await page.getByRole('menuitem', { name: '删除', exact: true }).count(), 0);
      assert.equal((await send(page, 'DELETE', `/v1/recordings/${recording.id}`)).body.reason, 'RECORDING_KEPT');
      await page.getByRole('menuitem', { name: '取消保留' }).click();
      await page.getByText('已取消保留').waitFor();
      await act('删除');
      await page.getByRole('dialog').last().getByRole('button', { name: '删除' }).click();
      await row.waitFor({ state: 'detached' });
      assert.equal((await send(desk, 'POST', `/v1/recordings/${recording.id}:play`, {})).code, 404);
      quiet();
    });
  },
  cameras,
);
