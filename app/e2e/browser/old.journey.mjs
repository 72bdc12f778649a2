// The members' app on the oldest browser that it is made for, and on ones that are older.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { oldBrowser } from './lib/old.mjs';
import { account, codeFor, journey, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');

journey('old', async ({ open, step: told }) => {
  const desk = await open();
  await signedIn(desk, admin.Host, admin.Phone, '/healthz');
  const member = await newMember(desk, await open(), admin.Host);
  const page = await oldBrowser();
  const step = (name, run) =>
    told(name, async () => {
      try {
        await run();
      } catch (error) {
        await page.shot('failed-old-83').catch(() => {});
        throw error;
      }
    });
  /** No script has failed, and nothing was refused. */
  const quiet = () => assert.deepEqual(page.heard.splice(0), []);

  try {
    await step('it is Chromium 83', async () => {
      assert.match(await page.evaluate('navigator.userAgent'), /Chrome\/83\./);
      assert.equal(
        await page.evaluate("typeof ''.at + typeof AbortSignal.timeout + typeof structuredClone"),
        'undefined'.repeat(3),
      );
    });

    await step('signs in by a code', async () => {
      await page.goto(page.at(admin.Host, '/file'));
      await page.says('荔湾区');
      await page.fill('手机号', member.phone);
      await page.until("(document.querySelector('input[type=checkbox]').click(), true)");
      await page.press('获取验证码');
      await page.says('6 位验证码已发送到');
      await page.fill('验证码', await codeFor(desk, member.phone, 'sign_in'));
      await page.press('登录');
      // The page that was asked for, not the first one.
      await page.says('会员档案');
      assert.equal(await page.evaluate('location.pathname'), '/file');
      quiet();
    });

    await step('sees the first page and the card', async () => {
      await page.press('首页');
      await page.until("!!document.querySelector('.card-face:not([data-coming])')");
      await page.says(member.name);
      await page.says('中华全国总工会');
      await page.shot('old-home');
      await page.press('出示会员码');
      const code = await page.until("(document.querySelector('svg[data-code]') || { dataset: {} }).dataset.code");
      assert.match(code, /\.\d+\.[\w-]{16}$/);
      await page.shot('old-card');
      await page.press('关闭');
      quiet();
    });

    await step('a dialog, dark, elder and English', async () => {
      await page.press('我的');
      await page.press('我的数据');
      await page.press('撤回同意');
      await page.until("!!document.querySelector('dialog[open]')");
      await page.press('取消');
      await page.until("!document.querySelector('dialog[open]')");
      await page.goto(page.at(admin.Host, '/me'));
      await page.says('显示');
      await page.press('深色');
      await page.until("document.documentElement.dataset.mode === 'dark'");
      await page.press('长辈版');
      await page.until("document.documentElement.hasAttribute('data-elder')");
      await page.press('English');
      await page.says('My data');
      await page.shot('old-me');
      assert.equal(await page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)'), 0);
      quiet();
    });

    await step('rows and ticks keep their distance without gap', async () => {
      const near = await page.evaluate(`[...document.querySelectorAll('.row')].filter((row) => {
        const boxes = [...row.children].map((child) => child.getBoundingClientRect());
        return boxes.some((box, n) => n > 0 && box.left - boxes[n - 1].right < 8);
      }).length`);
      assert.equal(near, 0);
    });

    await step('who has an older browser is told what to do, in words that it can show', async () => {
      const { identifier } = await page.send('Page.addScriptToEvaluateOnNewDocument', {
        source: 'delete Promise.allSettled',
      });
      await page.goto(page.at(admin.Host));
      await page.says('请更新浏览器');
      await page.says('Please update your browser');
      assert.equal(await page.evaluate("document.getElementById('root')"), null);
      await page.shot('old-told');
      await page.send('Page.removeScriptToEvaluateOnNewDocument', { identifier });
      quiet();
    });

    await step('so is who cannot read the script, and who lost it on the way', async () => {
      const fulfil = (answer) => page.intercept(/\/assets\/index-[^/]+\.js/, answer);
      await page.send('Network.enable');
      await page.send('Network.setCacheDisabled', { cacheDisabled: true });
      // As on the first visit: nothing is kept yet.
      const leave =
        'navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))';
      await page.evaluate(`${leave}.then(() => true)`);
      await fulfil({ body: 'class A { static { } }', responseCode: 200 });
      await page.goto(page.at(admin.Host));
      await page.says('请更新浏览器');
      await page.evaluate(`${leave}.then(() => true)`);
      await fulfil({ errorReason: 'ConnectionReset' });
      await page.goto(page.at(admin.Host));
      await page.says('没能加载出来');
      await page.intercept(null);
      await page.press('重新加载');
      await page.until("!!document.querySelector('.card-face')");
    });
  } finally {
    await page.close();
  }
});
