// Supervision: from the nation down to a county, by figures alone.
import assert from 'node:assert/strict';
import { chinese, heard, settle, watch } from './lib/look.mjs';
import { citizenID, mobile } from './lib/people.mjs';
import { account, at, fillSignIn, journey, send, signedIn } from './lib/world.mjs';

const supervisor = account('supervisor', '000000');
const province = account('supervisor', '440000');
const admin = account('admin', '440103');
const count = (text) => Number(text.replaceAll(',', '').match(/\d+/)[0]);

journey('hq', async ({ open, step }) => {
  const page = await open();
  const { quiet } = watch(page);
  const data = heard(page);
  const answers = [];
  page.on('response', (response) => {
    if (response.url().includes('/v1/'))
      answers.push(
        response.text().then(
          (text) => ({ url: response.url(), text }),
          () => null,
        ),
      );
  });
  const title = (name) => page.getByRole('heading', { level: 1, name, exact: true });
  const figures = page.getByRole('region', { name: '指标' });
  const members = figures.getByText('会员数', { exact: true }).locator('..').getByRole('link');
  const crumbs = page.getByRole('navigation', { name: '组织路径' });
  const row = (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

  await step('signs in and sees the nation', async () => {
    await page.goto(at('hq'));
    await fillSignIn(page, supervisor.Phone);
    await title('中华全国总工会').waitFor();
    assert.match(page.url(), /\/b\/000000$/);
    assert.ok(count(await members.innerText()) > 100);
    await page
      .getByText(/\d+ .*前更新/)
      .first()
      .waitFor();
    await page.getByText(/^下辖 [\d,]+ 个组织，已启用 [\d,]+ 个$/).waitFor();
    await members.click();
    assert.match(page.url(), /metric=/);
    await page.getByText('按会员数合计从多到少排列').waitFor();
    await page
      .getByRole('img', { name: /^会员数：/ })
      .first()
      .waitFor();
  });

  await step('goes down by clicks, and the sums agree', async () => {
    for (const [name, full, code] of [
      ['广东省总工会', '广东省总工会', '440000'],
      ['广州市总工会', '广州市总工会', '440100'],
      [/荔湾区总工会$/, /荔湾区总工会$/, '440103'],
    ]) {
      const line = page
        .getByRole('row')
        .filter({ has: page.getByRole('link', { name }) })
        .first();
      await line.waitFor();
      const said = (await line.getByRole('cell').nth(1).innerText()).replaceAll(',', '');
      await line.getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name: full }).waitFor();
      assert.match(page.url(), new RegExp(`/b/${code}`));
      await settle(page);
      assert.equal(count(await members.innerText()), Number(said), `the figure of ${code} is the one of its row`);
    }
    await page.getByText('没有下级组织').first().waitFor();
    for (const name of ['中华全国总工会', '广东省总工会', '广州市总工会'])
      await crumbs.getByRole('link', { name, exact: true }).waitFor();
  });

  await step('the back button and the breadcrumb lead up', async () => {
    await page.goBack();
    await title('广州市总工会').waitFor();
    await page.goBack();
    await title('广东省总工会').waitFor();
    await page.goForward();
    await title('广州市总工会').waitFor();
    await crumbs.getByRole('link', { name: '中华全国总工会' }).click();
    await title('中华全国总工会').waitFor();
  });

  await step('an address opens by itself, with its period and its panel', async () => {
    await page.goto(at('hq', '/b/440300?days=90&panel=events'));
    await page.getByRole('dialog').getByText('启用').first().waitFor();
    await page.keyboard.press('Escape');
    await title('深圳市总工会').waitFor();
    assert.ok(await page.getByRole('radio', { name: '90 天' }).isChecked());
    await page.goto(at('hq', '/b/123456'));
    await page.getByText('找不到这个组织').waitFor();
  });

  await step('finds a body by name, pinyin and code with the keyboard alone', async () => {
    for (const [words, name] of [
      ['荔湾', /荔湾区总工会$/],
      ['gzszgh', /广州市总工会$/],
      ['440305', /南山区总工会$/],
      ['莫力达瓦', /莫力达瓦达斡尔族自治旗总工会$/],
    ]) {
      await page.keyboard.press('/');
      await page.keyboard.type(words);
      await page
        .getByRole('option')
        .locator('.find-name', { hasText: name.source.replace('$', '') })
        .first()
        .waitFor();
      for (let i = 0; i < 10; i++) {
        await page.keyboard.press('ArrowDown');
        if (
          name.test(
            (
              await page
                .getByRole('option', { selected: true })
                .locator('.find-name')
                .evaluate((e) => e.firstChild.data)
            ).trim(),
          )
        )
          break;
      }
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    await page.keyboard.press('/');
    await page.keyboard.type('没有这样的工会');
    await page.getByText('没有找到“没有这样的工会”').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  await step('the industrial line', async () => {
    await page.goto(at('hq', '/b/000000'));
    await page.getByText('产业', { exact: true }).click();
    assert.match(page.url(), /line=industrial/);
    await page.getByText('不作为正式统计口径').waitFor();
    const first = page.getByRole('row').nth(1).getByRole('link');
    const name = await first.innerText();
    await first.click();
    await title(name).waitFor();
    await crumbs.getByRole('link', { name: '中华全国总工会' }).waitFor();
    await page.goBack();
    await page.getByText('地方', { exact: true }).click();
    await row('广东省总工会').waitFor();
  });

  let seeded = [];
  await step('a member added in the county is in the nation within two seconds, without a reload', async () => {
    const desk = await open();
    await signedIn(desk, admin.Host, admin.Phone, '/healthz');
    const list = await send(desk, 'GET', '/v1/members?pageSize=100');
    seeded = list.body.members;
    assert.ok(seeded.length > 10);
    await page.goto(at('hq', '/b/000000'));
    await row('广东省总工会').waitFor();
    await settle(page);
    const delays = [];
    for (let i = 0; i < 5; i++) {
      const before = count(await members.innerText());
      const seen = page.waitForFunction(
        ([a, n]) => a.textContent.replaceAll(',', '').startsWith(String(n)) && Date.now(),
        [await members.elementHandle(), before + 1],
        { polling: 20 },
      );
      const sent = Date.now();
      const made = await send(desk, 'POST', '/v1/members', {
        fields: { name: '路遥知', idKind: 'citizen_id', idNumber: citizenID('440103', 1991), phone: mobile() },
      });
      assert.equal(made.code, 200, JSON.stringify(made.body));
      delays.push((await (await seen).jsonValue()) - sent);
    }
    console.log(`seen by the nation after ${delays.join(', ')} ms`);
    assert.ok(Math.max(...delays) < 2000, `${delays}`);
  });

  await step('no answer holds a person', async () => {
    const all = (await Promise.all(answers)).filter(Boolean);
    assert.ok(all.length > 30);
    const names = seeded.map((m) => m.fields.name).filter((name) => name.length > 2);
    for (const { url, text } of all) {
      if (/demo\/accounts/.test(url)) continue;
      assert.ok(!/memberNo|idNumber/.test(text), url);
      // The caller's own number, masked or not, is the only one.
      if (!/\/v1\/(me|session:signIn)$/.test(url)) assert.doesNotMatch(text, /"1[3-9][\d*]{9}"/, url);
      const leaked = names.filter((name) => text.includes(name));
      assert.deepEqual(leaked, [], url);
    }
    for (const path of ['/v1/members', '/v1/officers', `/v1/members/${seeded[0].id}`, '/v1/depts', '/v1/profile']) {
      const { code } = await send(page, 'GET', path);
      assert.ok(code === 403 || code === 404, `${path}: ${code}`);
    }
  });

  await step('English, without a Chinese word but for data', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    for (const path of [
      '/b/000000',
      '/b/440103',
      '/b/440000?panel=new',
      '/b/440100?panel=move',
      '/b/440100?panel=events',
      '/b/123456',
    ]) {
      await page.goto(at('hq', path));
      await page.getByRole('heading').first().waitFor();
      await settle(page);
      const stray = (await chinese(page, data)).filter((text) => !['总工会'].includes(text));
      assert.deepEqual(stray, [], path);
    }
  });

  await step('a province sees itself and nothing beside it', async () => {
    const other = await open();
    await signedIn(other, 'hq', province.Phone, '/');
    await other.getByRole('heading', { level: 1, name: '广东省总工会' }).waitFor();
    for (const path of ['/b/000000', '/b/510000', '/b/510100']) {
      await other.goto(at('hq', path));
      await other
        .getByText(/不在您的查看范围内|找不到这个组织/)
        .first()
        .waitFor();
    }
    for (const path of ['/v1/figures/510100', '/v1/figures/000000']) {
      const { code } = await send(other, 'GET', path);
      assert.ok(code === 403 || code === 404, `${path}: ${code}`);
    }
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
