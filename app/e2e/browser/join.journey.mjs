// From the officer's desk to the member's phone: one is invited by the phone that is on file, another claims the file at the poster.
import assert from 'node:assert/strict';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { citizenID, mobile, ordinal } from './lib/people.mjs';
import { account, at, codeFor, journey, phone, shotPath, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
const county = officer.Host;
const handset = { viewport: phone, isMobile: true, hasTouch: true };
const somebody = (family) => ({ name: `${family}${ordinal()}`, phone: mobile(), id: citizenID(county, 1990) });

journey('join', async ({ open, step }) => {
  const desk = await open();
  const quiet = [watch(desk).quiet];
  const drawer = (name) => desk.getByRole('dialog', { name });
  const invited = somebody('闻人一');
  const claimed = somebody('夏侯安');
  let link = '';
  let poster = '';

  /** Puts somebody on the roll, and leaves the file open beside the list. */
  const register = async ({ name, phone: number, id }) => {
    await desk.goto(at(county, '/console/members'));
    await desk.getByRole('button', { name: '登记会员' }).click();
    const form = drawer('登记会员');
    await form.getByLabel('姓名').fill(name);
    await form.getByLabel('证件号码').fill(id);
    await form.getByLabel('手机号').fill(number);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden' });
    await drawer(name).getByText('会员号').first().waitFor();
  };
  const handle = async () => {
    const page = await open(handset);
    quiet.push(watch(page).quiet);
    return page;
  };
  const fits = async (page, name) => {
    await settle(page);
    await page.screenshot({ path: shotPath(name) });
    assert.deepEqual(await accessible(page), [], name);
    assert.equal(await sideways(page), 0, name);
  };
  const masked = ({ phone: number }) => `${number.slice(0, 3)}****${number.slice(-4)}`;
  const card = (page) => page.getByRole('region', { name: '会员证' });

  await step('an officer registers somebody and invites the phone on file', async () => {
    await signedIn(desk, county, officer.Phone, '/console/members');
    await register(invited);
    await drawer(invited.name).getByRole('button', { name: '邀请登录' }).click();
    const invitation = drawer(`邀请${invited.name}登录会员端`);
    await invitation.getByRole('img', { name: '邀请二维码' }).waitFor();
    link = await invitation.getByLabel('邀请链接').inputValue();
    await fits(desk, 'join-invitation');
  });

  await step('the link leads the member through a code to the card; another phone gets nothing by it', async () => {
    const page = await handle();
    await page.goto(link);
    await page.getByText(masked(invited)).waitFor();
    assert.ok(!(await page.locator('body').innerText()).includes(invited.name), 'who finds the link learns no name');
    await page.getByRole('checkbox').check();
    await fits(page, 'join-link');
    await page.getByRole('button', { name: '向该手机发送验证码' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    const code = await codeFor(page, invited.phone, 'invitation');
    const field = page.getByLabel('验证码', { exact: true });
    await field.fill(code === '000000' ? '111111' : '000000');
    await page.getByRole('button', { name: '验证并加入' }).click();
    await page.getByRole('alert').filter({ hasText: '验证码不' }).waitFor();
    await field.fill(code);
    await page.getByRole('button', { name: '验证并加入' }).click();
    await card(page).getByText(invited.name).waitFor();
    await card(page).getByText('在册').waitFor();
    const stranger = await handle();
    await stranger.goto(link);
    await stranger.getByText('邀请已失效').waitFor();
  });

  await step('the officer registers another, who was told of the poster', async () => {
    await register(claimed);
    await desk.goto(at(county, '/console/members'));
    await desk.getByRole('button', { name: '认领二维码' }).click();
    poster = await desk.getByLabel('认领链接').inputValue();
    await desk.getByRole('img', { name: `认领二维码，指向 ${poster}` }).waitFor();
    await fits(desk, 'join-poster');
  });

  await step(
    'at the poster the phone is proved, the wrong card number refused, and the right one opens the file',
    async () => {
      const page = await handle();
      await page.goto(poster);
      await page.getByLabel('手机号', { exact: true }).fill(claimed.phone);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: '获取验证码' }).click();
      await page.getByText('6 位验证码已发送到').waitFor();
      await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, claimed.phone, 'sign_in'));
      await page.getByRole('button', { name: '登录', exact: true }).click();
      await page.getByRole('heading', { name: '认领会员档案' }).waitFor();
      await page.getByLabel('姓名').fill(claimed.name);
      await page.getByLabel('证件号码').fill(invited.id);
      await page.getByRole('button', { name: '认领' }).click();
      await page.getByText('没有找到相符的档案').waitFor();
      await fits(page, 'join-claim-refused');
      await page.getByLabel('证件号码').fill(claimed.id);
      await page.getByRole('button', { name: '认领' }).click();
      await card(page).getByText(claimed.name).waitFor();
      await page.goto(at(county, '/file'));
      await page.getByText(masked(claimed)).waitFor();
    },
  );

  await step('both can sign in now: an administrator finds them among the accounts, as members', async () => {
    const admin = await open();
    await signedIn(admin, county, account('admin', county).Phone, '/console/accounts');
    for (const { name, phone: number } of [invited, claimed]) {
      await admin.getByLabel('查找账号').fill(number);
      const row = admin.getByRole('row').filter({ has: admin.getByRole('link', { name, exact: true }) });
      await row.getByText('会员', { exact: true }).waitFor();
      await row.getByText('1 台').waitFor();
    }
  });

  await step('nothing went wrong behind the pages', async () => {
    for (const q of quiet) q();
  });
});
