// The screens of the product and how a person gets to each. `more` are also taken in English and in dark; `floats` have
// something over the page, so that only the window is taken. w(zh, en) gives a word in the language on screen.

import { roster } from './roster.mjs';
import { send } from './world.mjs';

const button = (page, name, exact = true) => page.getByRole('button', { name, exact });
const dialog = (page) => page.getByRole('dialog').last();
/** A field that the form refuses. */
const wrong = (page) => page.locator('[aria-invalid="true"]').first();
const firstRow = (page) => page.locator('a.row-link').first();

async function openRow(page) {
  await firstRow(page).click();
  await page.getByRole('dialog').waitFor();
}

/** Opens the form behind the first act of a page. */
async function openForm(page) {
  await page.getByRole('main').locator('.ant-btn-primary').first().click();
  await dialog(page).waitFor();
}

/** Sends that form as it stands, empty. */
async function refusedForm(page) {
  await openForm(page);
  await dialog(page).locator('.ant-btn-primary').first().click();
  await wrong(page).waitFor();
}

/** Has the page believe that the account is about to be closed; what it asks for later is the truth again. */
async function closing(page, w) {
  const at = new Date(Date.now() + 6 * 86_400_000).toISOString();
  const me = { ...(await send(page, 'GET', '/v1/me')).body, closingAt: at };
  await page.route('**/v1/me', (route) => route.fulfill({ json: me }));
  await page.reload();
  await page.getByRole('heading', { name: w('账号即将注销', 'Your account is about to be closed') }).waitFor();
  await page.unroute('**/v1/me');
}

/** Takes a ready-made start of the designer, and has the tabs arranged there. */
async function designed(page, w) {
  await button(page, w('工业蓝', 'Industrial blue')).click();
  await page
    .getByRole('region', { name: w('名称与口号', 'Name and slogan') })
    .getByText(w('自行设置', 'Our own'))
    .click();
  await page
    .getByRole('status')
    .filter({ hasText: w('草稿已保存', 'Draft saved') })
    .waitFor();
}

export const strangerScreens = [
  { name: 'sign-in-console', path: '/console/', more: true },
  {
    name: 'sign-in-console-errors',
    path: '/console/',
    more: true,
    go: async (page, w) => {
      await button(page, w('登录', 'Sign in')).click();
      await page.getByText(w('请输入密码', 'Enter your password.')).waitFor();
    },
  },
  { name: 'sign-in-member', path: '/', more: true },
  {
    name: 'sign-in-member-errors',
    path: '/',
    more: true,
    go: async (page, w) => {
      await button(page, w('获取验证码', 'Get a code')).click();
      await wrong(page).waitFor();
    },
  },
  {
    name: 'sign-in-member-password',
    path: '/',
    go: async (page, w) => {
      await button(page, w('用密码登录', 'Sign in with a password')).click();
      await page.getByLabel(w('密码', 'Password'), { exact: true }).waitFor();
    },
  },
  {
    name: 'sign-in-member-terms',
    path: '/',
    floats: true,
    more: true,
    go: async (page, w) => {
      await page.getByRole('link', { name: w('隐私政策', 'Privacy Policy') }).click();
      await dialog(page).getByRole('heading', { level: 3 }).first().waitFor();
    },
  },
  { name: 'meet-find', path: '/meet/', more: true },
  {
    name: 'meet-find-errors',
    path: '/meet/',
    go: async (page, w) => {
      await button(page, w('下一步', 'Next')).click();
      await wrong(page).waitFor();
    },
  },
  { name: 'meet-missing', path: '/meet/1000000000', more: true },
  { name: 'member-reset', path: '/reset' },
  { name: 'get', path: '/get', more: true },
  ...['android', 'ios', 'harmony'].map((device) => ({
    name: `get-${device}`,
    path: '/get',
    more: device === 'android',
    go: async (page, w) => {
      const words = { android: w('安卓', 'Android'), ios: w('苹果', 'Apple'), harmony: w('鸿蒙', 'HarmonyOS') };
      await page.getByRole('radio', { name: words[device] }).check();
    },
  })),
  { name: 'member-invitation-invalid', path: `/join?token=${'x'.repeat(24)}` },
  { name: 'invitation', path: '/console/invitation?token=x', more: true },
  {
    name: 'invitation-errors',
    path: '/console/invitation?token=x',
    go: async (page, w) => {
      await page.getByLabel(w('登录密码', 'Password'), { exact: true }).fill('abc');
      await button(page, w('设置密码并登录', 'Set password and sign in')).click();
      await page.getByText(w('密码至少 8 位', 'At least 8 characters.')).waitFor();
    },
  },
  { name: 'invitation-broken', path: '/console/invitation' },
];

/** Opens the form that gives a package to people; nothing is sent. */
async function publishForm(page, w) {
  await button(page, w(/^发布 /, /^Publish /), false)
    .first()
    .click();
  await dialog(page)
    .getByLabel(w(/^更新说明/, /^What is new, in Chinese/))
    .waitFor();
}

/** The body's own app; that of this body is published, but for its Android package. */
const appScreens = [
  { name: 'console-app', path: '/console/app', more: true },
  { name: 'console-app-publish', path: '/console/app', floats: true, more: true, go: publishForm },
  {
    name: 'console-app-channel',
    path: '/console/app/android',
    floats: true,
    more: true,
    go: (page) => dialog(page).getByRole('log').waitFor(),
  },
  {
    name: 'console-app-export-errors',
    path: '/console/app',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('导出密钥', 'Export the key')).click();
      await dialog(page)
        .getByRole('button', { name: w('导出密钥', 'Export the key') })
        .click();
      await wrong(page).waitFor();
    },
  },
  { name: 'console-app-builds', path: '/console/app/builds', more: true },
  { name: 'console-app-build', path: '/console/app/builds', floats: true, more: true, go: openRow },
  { name: 'console-app-filing', path: '/console/app/filing', more: true },
  { name: 'console-app-poster', path: '/console/app/poster', more: true },
  { name: 'console-app-start', path: '/console/app/start', more: true },
  { name: 'console-app-start-colours', path: '/console/app/start?step=colours' },
  { name: 'console-app-start-build', path: '/console/app/start?step=build', more: true },
  { name: 'console-app-start-publish', path: '/console/app/start?step=publish' },
  { name: 'console-app-start-done', path: '/console/app/start?step=done', more: true },
];

/** A meeting of the body that goes on, with a name as long as names are. */
async function live(page) {
  const title = '全区新就业形态劳动者建会入会工作推进会暨“小三级”工会组织体系建设现场交流会';
  const known = (await send(page, 'GET', '/v1/meetings')).body.meetings.find((one) => one.title === title);
  if (known) return known;
  const plan = { title, minutes: 60, openTo: 'bodies', waitingRoom: true, password: '2026gh' };
  return (await send(page, 'POST', '/v1/meetings', { plan, instant: true })).body;
}

/** Gives a meeting an agenda, with names as long as names are. */
async function agendaOf(page, { id }) {
  const { version, items } = (await send(page, 'GET', `/v1/meetings/${id}/agenda`)).body;
  if (items.length > 0) return;
  await send(page, 'PUT', `/v1/meetings/${id}/agenda`, {
    id,
    version,
    items: [
      {
        title: '审议《内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗总工会 2026 年度经费预算方案（草案）》',
        minutes: 20,
        presenter: '敖登其其格',
        note: '会前请阅读预算草案第三部分',
      },
      { title: '小三级工会组织体系建设经验交流', minutes: 30, presenter: '各街道工会' },
      { title: '其他事项' },
    ],
  });
}

/** The detail of a meeting with an agenda. */
async function arranged(page) {
  const one = await live(page);
  await agendaOf(page, one);
  await page.goto(new URL(`/console/meetings/${one.id}`, page.url()).href);
  await page.locator('.agenda-list').waitFor();
}

async function toDoor(page) {
  await page.goto((await live(page)).page);
  await page.locator('button.join').waitFor();
}

async function meeting(page) {
  await toDoor(page);
  await page.locator('button.join').click();
  await page.locator('.bar').waitFor();
  await page.locator('.tile').first().waitFor();
}

/** Has the list of recordings show one in each state: a film takes its time, and none of the demo fails. */
async function recordings(page) {
  const one = (state, more) => ({
    id: `01a20441-fe79-7a84-a4fb-${state.padEnd(12, '0').replace(/[^a-f0-9]/g, '0')}`,
    meetingTitle: '全区新就业形态劳动者建会入会工作推进会暨“小三级”工会组织体系建设现场交流会',
    state,
    percent: 0,
    beganAt: '2026-11-20T06:00:00Z',
    byName: '黄婉仪',
    seconds: 0,
    size: '48234496',
    people: 0,
    shared: false,
    kept: false,
    failure: '',
    mayManage: true,
    mayKeep: true,
    maySave: true,
    ...more,
  });
  const rows = [
    one('recording'),
    one('waiting', { stoppedAt: '2026-11-20T07:00:00Z' }),
    one('composing', { percent: 42, stoppedAt: '2026-11-20T07:00:00Z' }),
    one('ready', { seconds: 3725, people: 12, shared: true, kept: true, stoppedAt: '2026-11-20T07:00:00Z' }),
    one('failed', { failure: 'tools', stoppedAt: '2026-11-20T07:00:00Z', deletedAt: '2027-05-19T07:00:00Z' }),
    one('cancelled', { stoppedAt: '2026-11-20T07:00:00Z', deletedAt: '2027-05-19T07:00:00Z' }),
  ];
  await page.route('**/v1/meetings:recordings?*', (route) =>
    route.fulfill({ json: { recordings: rows, nextPageToken: '' } }),
  );
  await page.reload();
  await page.getByText('42%').waitFor();
  await page.unroute('**/v1/meetings:recordings?*');
}

const agreedOn = [
  '# 关于新就业形态劳动者建会入会工作的会议纪要',
  '',
  '时间：2026年11月23日 14:00 至 15:00',
  '主持：陈荔生',
  '',
  '## 一、议定事项',
  ...Array.from(
    { length: 12 },
    (_, i) => `${i + 1}. 各街道总工会于本月底前完成辖区内快递、外卖、网约车企业的摸底，建立台账并逐户走访。`,
  ),
];

/** The minutes of the meeting that goes on, with a version written. */
async function minutes(page, w) {
  const { id } = await live(page);
  const path = `/v1/meetings/${id}/minutes`;
  const { latest } = (await send(page, 'GET', path)).body;
  if (latest === 0) await send(page, 'PUT', path, { version: 0, text: agreedOn.join('\n') });
  await page.goto(new URL(`/console/meetings/${id}`, page.url()).href);
  const heading = page.getByRole('heading', { name: w('会议纪要', 'Minutes'), exact: true });
  await heading.waitFor();
  await page.getByText(agreedOn[0].slice(2)).waitFor();
  await heading.scrollIntoViewIfNeeded();
}

/** Gives the body rooms, and books one of them for today. */
async function rooms(page) {
  const { places } = (await send(page, 'GET', '/v1/meetingPlaces')).body;
  const add = async (name, location, seats, equipment, bookers) =>
    places.find((one) => one.name === name) ??
    (await send(page, 'POST', '/v1/meetingPlaces', { place: { name, location, seats, equipment, bookers } })).body;
  const small = await add('第一会议室', '职工之家 3 楼 302', 16, '投影、视频会议终端', 'hosts');
  await add(
    '多功能报告厅（劳模工匠学院荔湾分院）',
    '职工之家 1 楼',
    220,
    '舞台、投影、无线话筒 8 支、同声传译',
    'managers',
  );
  const startsAt = `${new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10)}T01:30:00Z`;
  const plan = { title: '三届二次全委会筹备会', minutes: 120, openTo: 'body', startsAt, placeId: small.id };
  await send(page, 'POST', '/v1/meetings', { plan }); // refused once it is booked
  return startsAt.slice(0, 10);
}

async function roomDay(page) {
  const day = await rooms(page);
  await page.goto(new URL(`/console/meetings/rooms/day?day=${day}`, page.url()).href);
  await page.getByText('三届二次全委会筹备会').waitFor();
}

const roomScreens = [
  {
    name: 'console-rooms',
    path: '/console/meetings/rooms',
    more: true,
    go: async (page) => {
      await rooms(page);
      await page.reload();
      await page.getByText('第一会议室').first().waitFor();
    },
  },
  { name: 'console-rooms-day', path: '/console/meetings/rooms/day', more: true, go: roomDay },
  { name: 'console-room-form-errors', path: '/console/meetings/rooms', floats: true, more: true, go: refusedForm },
];

/** A vote of each kind that can be made by one person alone, in the meeting that goes on; made once, over the meeting's own connection. */
async function voted(page) {
  const { id } = await live(page);
  const known = (await send(page, 'GET', `/v1/meetings/${id}/votes`)).body.votes ?? [];
  if (known.length === 0) {
    const { body: entry } = await send(page, 'POST', `/v1/meetings/${id}:join`, {});
    await page.evaluate(
      async ([{ token, room, socket }, motions]) => {
        const line = new WebSocket(`${location.origin.replace('http', 'ws')}${socket}`);
        await new Promise((open) => line.addEventListener('open', open, { once: true }));
        let n = 0;
        const ask = (what) => {
          const asked = String(++n);
          const answer = new Promise((done) => {
            const read = ({ data }) => {
              const told = JSON.parse(data);
              if (told.id !== asked) return;
              line.removeEventListener('message', read);
              done(told);
            };
            line.addEventListener('message', read);
          });
          line.send(JSON.stringify({ id: asked, ...what }));
          return answer;
        };
        await ask({ join: { version: 1, token, room } });
        for (const make of motions) {
          const { votes } = await ask({ vote: { do: 'make', vote: crypto.randomUUID(), make } });
          const vote = votes.votes[0].id;
          await ask({ vote: make.kind === 'signin' ? { do: 'sign', vote } : { do: 'choose', vote, choice: [1] } });
          await ask({ vote: { do: 'end', vote } });
        }
        await ask({ leave: {} });
        line.close();
      },
      [
        entry,
        [
          { kind: 'signin', question: '签到' },
          {
            kind: 'named',
            question: '下一次全会安排在哪一天？',
            options: ['12 月 8 日（周二）', '12 月 10 日（周四）'],
          },
          {
            kind: 'veiled',
            question: '是否同意把 2027 年春节慰问困难职工、劳动模范和一线环卫工人的标准提高到每人 600 元？',
            options: ['同意', '不同意', '再议：请财务部与经费审查委员会先出具测算意见，下次会议讨论'],
            most: 1,
          },
        ],
      ],
    );
  }
  await page.goto(new URL(`/console/meetings/${id}/votes`, page.url()).href);
  await page.locator('.vote-one').nth(2).waitFor();
}

const meetScreens = [
  ...roomScreens,
  { name: 'meet-door', path: '/meet/', more: true, go: toDoor },
  { name: 'meet', path: '/meet/', floats: true, more: true, go: meeting },
  { name: 'console-meeting-votes', path: '/console/meetings', more: true, go: voted },
  {
    name: 'meet-people',
    path: '/meet/',
    floats: true,
    more: true,
    go: async (page) => {
      await meeting(page);
      await page.keyboard.press('p');
      await page.locator('.panel').waitFor();
    },
  },
  {
    name: 'meet-keys',
    path: '/meet/',
    floats: true,
    more: true,
    go: async (page) => {
      await meeting(page);
      await page.keyboard.press('?');
      await dialog(page).waitFor();
    },
  },
  {
    name: 'console-meetings',
    path: '/console/meetings',
    more: true,
    go: async (page) => {
      await live(page);
      await page.reload();
      await firstRow(page).waitFor();
    },
  },
  { name: 'console-meeting', path: '/console/meetings', floats: true, more: true, go: openRow },
  {
    name: 'console-meetings-calendar',
    path: '/console/meetings/calendar?of=all',
    more: true,
    go: async (page) => {
      await live(page);
      await page.reload();
      await page.locator('.calendar-row').first().waitFor();
    },
  },
  { name: 'console-recordings', path: '/console/meetings/recordings', more: true, go: recordings },
  { name: 'console-recordings-none', path: '/console/meetings/recordings?q=zzzzzz', more: true },
  { name: 'console-minutes', path: '/console/meetings', floats: true, more: true, go: minutes },
  {
    name: 'console-minutes-draft',
    path: '/console/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await minutes(page, w);
      await button(page, w('生成草稿', 'Make a draft')).click();
      await page.getByRole('dialog').nth(1).waitFor();
    },
  },
  {
    name: 'console-minutes-form',
    path: '/console/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await minutes(page, w);
      await button(page, w('编辑纪要', 'Edit minutes')).click();
      await page.getByRole('dialog').nth(1).waitFor();
    },
  },
  {
    name: 'console-meeting-agenda',
    path: '/console/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await arranged(page);
      await page.getByText(w('议程与材料', 'Agenda and papers'), { exact: true }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'console-meeting-agenda-form',
    path: '/console/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await arranged(page);
      await button(page, w('修改议程', 'Change the agenda'), false).click();
      await page.locator('.agenda-row').first().waitFor();
    },
  },
  {
    name: 'console-meeting-paper-form',
    path: '/console/meetings',
    floats: true,
    go: async (page, w) => {
      await arranged(page);
      await button(page, w('添加材料', 'Add a paper'), false).click();
      await page.getByText(w('谁可以查看', 'Who may see it')).first().waitFor();
    },
  },
  {
    name: 'meet-agenda',
    path: '/meet/',
    floats: true,
    more: true,
    go: async (page, w) => {
      await agendaOf(page, await live(page));
      await meeting(page);
      await page.getByRole('button', { name: w('更多', 'More') }).click();
      await page.getByRole('menuitem', { name: w('议程', 'Agenda') }).click();
      await page.locator('.agenda-items li').first().waitFor();
    },
  },
  {
    name: 'console-meeting-form-errors',
    path: '/console/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('预约会议', 'Plan a meeting'), false).first().click();
      await dialog(page).getByLabel(w('会议主题', 'Title')).fill('');
      await dialog(page).getByLabel(w('会议密码', 'Password')).fill('ab');
      await dialog(page).locator('.ant-btn-primary').first().click();
      await wrong(page).waitFor();
    },
  },
];

export const consoleScreens = [
  ...appScreens,
  ...meetScreens,
  { name: 'console-menus', path: '/console/menus', more: true },
  { name: 'console-menus-columns', path: '/console/menus/home' },
  { name: 'console-roles', path: '/console/access/roles', more: true },
  { name: 'console-grants', path: '/console/access/grants', more: true },
  { name: 'console-grant-new', path: '/console/access/grants/new', more: true },
  { name: 'console-post-rights', path: '/console/access/posts' },
  { name: 'console-groups', path: '/console/access/groups' },
  { name: 'console-explain', path: '/console/access/explain?act=member.read', more: true },
  { name: 'console-separation', path: '/console/access/separation' },
  { name: 'console-home', path: '/console/', more: true },
  {
    name: 'console-menu',
    path: '/console/',
    floats: true,
    more: true,
    go: async (page, w) => {
      // On a phone the menu is behind a button; on a wide screen the account's menu is shown.
      const menu = page.getByRole('button', { name: w('菜单', 'Menu'), exact: true });
      if (await menu.isVisible()) {
        await menu.click();
        await page.getByRole('dialog').waitFor();
      } else {
        await page.getByRole('button', { name: w(/^账号/, /^Account/) }).click();
        await page.getByRole('menuitem').first().waitFor();
      }
    },
  },
  { name: 'console-profile', path: '/console/organisation/profile', more: true },
  { name: 'console-departments', path: '/console/organisation/departments', more: true },
  {
    name: 'console-department-form-errors',
    path: '/console/organisation/departments',
    floats: true,
    go: async (page, w) => {
      await button(page, w('新建部门', 'New department')).click();
      await dialog(page)
        .getByRole('button', { name: w('保存', 'Save') })
        .click();
      await wrong(page).waitFor();
    },
  },
  {
    name: 'console-post-form',
    path: '/console/organisation/departments',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('新建岗位', 'New post')).click();
      await dialog(page).waitFor();
    },
  },
  { name: 'console-hierarchy', path: '/console/organisation/hierarchy', more: true },
  { name: 'console-officers', path: '/console/officers', more: true },
  { name: 'console-officer', path: '/console/officers', floats: true, more: true, go: openRow },
  {
    name: 'console-officer-form-errors',
    path: '/console/officers',
    floats: true,
    go: async (page, w) => {
      await button(page, w('添加干部', 'Add officer'), false).click();
      await dialog(page)
        .getByRole('button', { name: w('保存', 'Save') })
        .click();
      await wrong(page).waitFor();
    },
  },
  {
    name: 'console-appoint-form',
    path: '/console/officers',
    floats: true,
    more: true,
    go: async (page, w) => {
      await openRow(page);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: w('任职', 'Appoint'), exact: true })
        .click();
      await page.getByRole('dialog').nth(1).waitFor();
    },
  },
  {
    name: 'console-invite-form',
    path: '/console/officers',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('邀请登录', 'Invite to sign in'), false).click();
      await dialog(page).waitFor();
    },
  },
  { name: 'console-invitations', path: '/console/officers/invitations' },
  { name: 'console-members', path: '/console/members', more: true },
  { name: 'console-members-none', path: '/console/members?q=zzzzzz' },
  { name: 'console-member', path: '/console/members', floats: true, more: true, go: openRow },
  {
    name: 'console-member-history',
    path: '/console/members',
    floats: true,
    go: async (page, w) => {
      await openRow(page);
      await page.getByRole('tab', { name: w('变更记录', 'History') }).click();
    },
  },
  {
    name: 'console-member-form',
    path: '/console/members',
    floats: true,
    go: async (page, w) => {
      await button(page, w('登记会员', 'Add member'), false).click();
      await dialog(page).waitFor();
    },
  },
  {
    name: 'console-member-form-errors',
    path: '/console/members',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('登记会员', 'Add member'), false).click();
      await dialog(page).getByLabel(w('姓名', 'Name')).fill('阿依古丽·买买提');
      await dialog(page).getByLabel(w('证件号码', 'ID number')).fill('440103198802144620');
      await dialog(page)
        .getByRole('button', { name: w('保存', 'Save') })
        .click();
      await wrong(page).waitFor();
    },
  },
  {
    name: 'console-member-end-form',
    path: '/console/members',
    floats: true,
    go: async (page, w) => {
      await openRow(page);
      await button(page, w('终止会籍', 'End membership')).click();
      await page.getByRole('dialog').nth(1).waitFor();
    },
  },
  {
    name: 'console-member-reveal-form-errors',
    path: '/console/members',
    floats: true,
    more: true,
    go: async (page, w) => {
      await openRow(page);
      await button(page, w('查看完整证件号', 'Show in full')).click();
      const form = page.getByRole('dialog').nth(1);
      await form.getByRole('button', { name: w('查看', 'Show'), exact: true }).click();
      await wrong(page).waitFor();
    },
  },
  {
    name: 'console-member-file',
    path: '/console/members',
    more: true,
    go: async (page, w) => {
      await openRow(page);
      await page.getByRole('link', { name: w('完整档案', 'Whole file') }).click();
      await page.getByRole('region', { name: w('变更记录', 'History') }).waitFor();
    },
  },
  {
    name: 'console-export',
    path: '/console/members',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('导出', 'Export')).click();
      await dialog(page).waitFor();
    },
  },
  { name: 'console-poster', path: '/console/members/poster', more: true },
  { name: 'console-imports', path: '/console/imports', more: true },
  { name: 'console-import-upload', path: '/console/imports/new', more: true },
  {
    name: 'console-import-check',
    path: '/console/imports/new',
    more: true,
    go: async (page, w) => {
      const { text } = roster();
      const chooser = page.waitForEvent('filechooser');
      await page.locator('.ant-upload-drag').click();
      await (await chooser).setFiles({ name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await button(page, w('开始校验', 'Start the check')).click();
      await page.getByRole('heading', { name: w('校验结果', 'What was found') }).waitFor();
    },
  },
  { name: 'console-requests', path: '/console/requests', more: true },
  { name: 'console-duplicates', path: '/console/duplicates', more: true },
  { name: 'console-scan', path: '/console/scan', more: true },
  { name: 'console-branding', path: '/console/branding', more: true },
  { name: 'console-branding-own', path: '/console/branding', more: true, go: designed },
  {
    name: 'console-branding-pages',
    path: '/console/branding?part=pages',
    more: true,
    go: async (page, w) => {
      const part = page.getByRole('region', { name: w('底部标签', 'Tabs') });
      await part.getByText(w('自行设置', 'Our own')).click();
      await page
        .getByRole('region', { name: w('首页栏目', 'First page') })
        .getByRole('switch')
        .first()
        .waitFor();
    },
  },
  {
    name: 'console-branding-words',
    path: '/console/branding?part=words',
    more: true,
    go: async (page, w) => {
      await page
        .getByRole('region', { name: w('用词', 'Wording'), exact: true })
        .getByText(w('自行设置', 'Our own'))
        .click();
    },
  },
  {
    name: 'console-branding-legal',
    path: '/console/branding?part=legal',
    more: true,
    go: async (page, w) => {
      await page.getByText(w('自行设置', 'Our own'), { exact: true }).click();
      await page.getByRole('textbox').nth(1).waitFor();
    },
  },
  {
    name: 'console-branding-hosts',
    path: '/console/branding?part=hosts',
    more: true,
    go: async (page, w) => {
      await page.getByRole('region', { name: w('自有域名', 'Own domains') }).waitFor();
    },
  },
  {
    name: 'console-branding-copy',
    path: '/console/branding',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('从其他工会复制', 'Copy from another union')).click();
      await dialog(page).waitFor();
    },
  },
  {
    name: 'console-branding-publish',
    path: '/console/branding',
    floats: true,
    more: true,
    go: async (page, w) => {
      await designed(page, w);
      await button(page, w('发布', 'Publish')).click();
      await dialog(page).waitFor();
    },
  },
  {
    name: 'console-branding-versions',
    path: '/console/branding',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('历史版本', 'Versions')).click();
      await dialog(page).waitFor();
    },
  },
  { name: 'console-settings-modules', path: '/console/settings/modules', more: true },
  { name: 'console-settings-account', path: '/console/settings/account', more: true },
  { name: 'console-settings-policy', path: '/console/settings/policy', more: true },
  { name: 'console-accounts', path: '/console/accounts', more: true },
  { name: 'console-account', path: '/console/accounts', floats: true, more: true, go: openRow },
  { name: 'console-clients', path: '/console/clients', more: true },
  { name: 'console-client-form', path: '/console/clients', floats: true, more: true, go: openForm },
  { name: 'console-client-form-errors', path: '/console/clients', floats: true, go: refusedForm },
  { name: 'console-supervision', path: '/console/supervision', more: true },
  { name: 'console-supervision-rules', path: '/console/supervision/rules', more: true },
  { name: 'console-supervision-rule-form', path: '/console/supervision/rules', floats: true, more: true, go: openForm },
  { name: 'console-supervision-accesses', path: '/console/supervision/accesses', more: true },
  { name: 'console-records', path: '/console/records', more: true },
  { name: 'console-no-page', path: '/console/nothing-here' },
];

/** What the audit administrator of a province works with. */
export const auditScreens = [
  { name: 'console-audit-home', path: '/console/' },
  { name: 'console-audit', path: '/console/audit', more: true },
  { name: 'console-audit-none', path: '/console/audit?source=203.0.113.77' },
  { name: 'console-audit-act', path: '/console/audit', floats: true, more: true, go: openRow },
  { name: 'console-audit-trail', path: '/console/audit/trail', more: true },
];

export const officerScreens = [
  { name: 'console-no-right', path: '/console/branding', more: true },
  { name: 'console-no-right-audit', path: '/console/audit' },
  { name: 'console-no-right-accounts', path: '/console/accounts' },
  { name: 'console-officer-home', path: '/console/' },
];

export const refusedScreens = [{ name: 'console-staff-only', path: '/console/', more: true }];

/** A body that has nothing yet, with one of the longest names there are. */
export const emptyScreens = [
  { name: 'empty-home', path: '/console/', more: true },
  { name: 'empty-profile', path: '/console/organisation/profile' },
  { name: 'empty-departments', path: '/console/organisation/departments' },
  { name: 'empty-hierarchy', path: '/console/organisation/hierarchy', more: true },
  { name: 'empty-officers', path: '/console/officers' },
  { name: 'empty-members', path: '/console/members', more: true },
  { name: 'empty-member-app', path: '/', more: true },
  { name: 'empty-app', path: '/console/app', more: true },
  { name: 'empty-app-filing', path: '/console/app/filing' },
  { name: 'empty-get', path: '/get' },
];

export const hqScreens = [
  { name: 'hq-nation', path: '/b/000000', more: true },
  { name: 'hq-nation-industrial', path: '/b/000000?line=industrial', more: true },
  { name: 'hq-guangdong', path: '/b/440000', more: true },
  { name: 'hq-guangzhou-90-days', path: '/b/440100?days=90' },
  { name: 'hq-liwan', path: '/b/440103', more: true },
  { name: 'hq-domains', path: '/domains', more: true },
  { name: 'hq-long-name', path: '/b/150722', more: true },
  { name: 'hq-not-in-use', path: '/b/510104' },
  {
    name: 'hq-search',
    path: '/b/440000',
    floats: true,
    more: true,
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('zzq');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'hq-search-none',
    path: '/b/440000',
    floats: true,
    go: async (page, w) => {
      await page.keyboard.press('/');
      await page.keyboard.type('999999');
      await page
        .getByText(w('没有找到“999999”', /“999999”/))
        .first()
        .waitFor();
    },
  },
  { name: 'hq-events', path: '/b/440103?panel=events', floats: true, more: true, go: (page) => dialog(page).waitFor() },
  { name: 'hq-new', path: '/b/440000?panel=new', floats: true, more: true, go: (page) => dialog(page).waitFor() },
  {
    name: 'hq-new-errors',
    path: '/b/440000?panel=new',
    floats: true,
    go: async (page, w) => {
      await dialog(page)
        .getByRole('button', { name: w('建立', 'Create') })
        .click();
      await wrong(page).waitFor();
    },
  },
  { name: 'hq-move', path: '/b/440103?panel=move', floats: true, more: true, go: (page) => dialog(page).waitFor() },
  {
    name: 'hq-oversee-form',
    path: '/b/440103?panel=ask',
    floats: true,
    more: true,
    go: (page) => dialog(page).waitFor(),
  },
  { name: 'hq-supervision', path: '/supervision', more: true },
  { name: 'hq-apps', path: '/apps', more: true },
  { name: 'hq-apps-none', path: '/apps?search=999999' },
  { name: 'hq-apps-one', path: '/apps', floats: true, more: true, go: openRow },
  { name: 'hq-apps-rebuild-errors', path: '/apps', floats: true, more: true, go: refusedForm },
  { name: 'hq-apps-rebuilds', path: '/apps/rebuilds', more: true },
  { name: 'hq-audit', path: '/audit', more: true },
  { name: 'hq-audit-act', path: '/audit', floats: true, go: openRow },
  { name: 'hq-audit-trail', path: '/audit/trail' },
  { name: 'hq-records', path: '/records', more: true },
  { name: 'hq-security', path: '/security', more: true },
  { name: 'hq-missing', path: '/b/123456' },
  { name: 'hq-no-page', path: '/nothing-here' },
];

/** What the administrator of a city gives to those below, from the supervision host. */
export const rightsScreens = [
  { name: 'hq-roles', path: '/access/roles', more: true },
  { name: 'hq-role-form', path: '/access/roles', floats: true, go: openForm },
  { name: 'hq-grants', path: '/access/grants', more: true },
  { name: 'hq-explain', path: '/access/explain?act=member.read', more: true },
];

/** What the system administrator of the nation works with. */
export const mergeScreens = [
  { name: 'hq-merges', path: '/merges', more: true },
  { name: 'hq-merge-form', path: '/merges', floats: true, more: true, go: openForm },
  { name: 'hq-merge-form-errors', path: '/merges', floats: true, go: refusedForm },
];

export const memberScreens = [
  { name: 'member-home', path: '/', more: true },
  { name: 'member-card', path: '/card', floats: true, more: true },
  { name: 'member-file', path: '/file', more: true },
  { name: 'member-change', path: '/file/change', more: true },
  {
    name: 'member-change-errors',
    path: '/file/change',
    go: async (page, w) => {
      await page.getByLabel(w('手机号', 'Phone')).fill('123');
      await button(page, w('提交申请', 'Send')).click();
      await wrong(page).waitFor();
    },
  },
  { name: 'member-requests', path: '/file/requests', more: true },
  { name: 'member-union', path: '/union', more: true },
  { name: 'member-meetings', path: '/meetings', more: true },
  { name: 'member-films', path: '/meetings/films', more: true },
  {
    name: 'member-meetings-substitute',
    path: '/meetings',
    floats: true,
    more: true,
    go: async (page, w) => {
      await page
        .getByRole('radio', { name: w('委托他人', 'Delegate') })
        .first()
        .click();
      await dialog(page).getByLabel(w('同事姓名（写全名）', "The colleague's whole name")).fill('无此人');
      await button(page, w('查找', 'Find')).click();
      await wrong(page).waitFor();
    },
  },
  { name: 'member-me', path: '/me', more: true },
  { name: 'member-get', path: '/get', more: true },
  { name: 'member-data', path: '/me/data', more: true },
  {
    name: 'member-withdraw-ask',
    path: '/me/data',
    floats: true,
    more: true,
    go: async (page, w) => {
      await button(page, w('撤回同意', 'Withdraw consent')).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'member-closing', path: '/', more: true, go: closing },
  { name: 'member-terms', path: '/legal/terms' },
  { name: 'member-devices', path: '/me/devices', more: true },
  {
    name: 'member-devices-ask',
    path: '/me/devices',
    floats: true,
    go: async (page, w) => {
      const end = page
        .getByRole('main')
        .getByRole('button', { name: w(/^退出/, /^Sign out/) })
        .first();
      await end.waitFor();
      await end.click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'member-security', path: '/me/security', more: true },
  { name: 'member-records', path: '/me/records', more: true },
  { name: 'member-apps', path: '/me/apps', more: true },
  { name: 'member-authorize-broken', path: '/authorize?request=01a20441-fe79-7a84-a4fb-a3e028e39191', more: true },
  { name: 'member-sign-out', path: '/sign-out', more: true },
  { name: 'member-password', path: '/me/password' },
  {
    name: 'member-password-errors',
    path: '/me/password',
    more: true,
    go: async (page, w) => {
      await button(page, w('保存', 'Save')).click();
      await wrong(page).waitFor();
    },
  },
];
