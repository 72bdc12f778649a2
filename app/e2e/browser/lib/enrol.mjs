// People of a journey's own: what it does to them, and what others do to theirs, does not meet.
import { citizenID, mobile, ordinal } from './people.mjs';
import { agree, at, codeFor, send } from './world.mjs';

/** What the server answers; a refusal ends the journey. */
function granted({ code, body }) {
  if (code !== 200) throw new Error(`${code} ${JSON.stringify(body)}`);
  return body;
}

/** Registers somebody of a county, on the page of who may: the file, with a phone and an identity card. */
export async function registered(desk, county) {
  const someone = { name: `骆闻溪${ordinal()}`, phone: mobile(), idNumber: citizenID(county, 1986) };
  const file = granted(await send(desk, 'POST', '/v1/members', { fields: { ...someone, idKind: 'citizen_id' } }));
  return { ...someone, id: file.id };
}

/** Registers somebody of a county and lets them in on a page by the link that they were sent. */
export async function newMember(desk, page, county) {
  const someone = await registered(desk, county);
  const { url } = granted(await send(desk, 'POST', `/v1/members/${someone.id}:invite`, {}));
  const token = new URL(url).searchParams.get('token');
  await page.goto(at(county, '/healthz'));
  granted(await send(page, 'POST', '/v1/codes:send', { purpose: 'invitation', token }));
  const code = await codeFor(page, someone.phone, 'invitation');
  granted(await send(page, 'POST', '/v1/invitations:accept', { token, code }));
  await agree(page);
  return someone;
}
