import { ApiError } from '@gonghui/api';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { FormDrawer } from './FormDrawer.tsx';
import { draw } from './testing.tsx';

const refusal = (reason: string, metadata: Record<string, string>, code = 400) =>
  ApiError.read(
    Response.json({ code, reason, message: '', metadata }, { status: code, headers: { 'X-Request-Id': 'trace-1' } }),
  );

function open(submit: () => Promise<unknown>, close = vi.fn()) {
  draw(
    <FormDrawer
      open
      title="Form"
      prefix="fields."
      reasonField={{ MEMBER_DUPLICATE: 'idNumber' }}
      initial={{ idNumber: '' }}
      submit={submit}
      close={close}
    >
      <Form.Item name="idNumber" label="Number">
        <Input />
      </Form.Item>
    </FormDrawer>,
  );
  return close;
}

const press = async (name: string) =>
  act(async () => fireEvent.click(screen.getByText(name, { selector: 'button span' })));

test.each([
  [
    'the field of the server',
    refusal('INVALID_ARGUMENT', { field: 'fields.idNumber', en: 'Too short.' }),
    'Too short.',
  ],
  ['the field of a reason', refusal('MEMBER_DUPLICATE', {}, 409), 'A member of this union has the same ID number.'],
])('a refusal stands under %s', async (_, error, text) => {
  const close = open(async () => Promise.reject(await error));
  await press('Save');
  const said = await screen.findByText(text);
  expect(said.closest('.ant-form-item')?.querySelector('input')?.id).toBe('idNumber');
  expect(close).not.toHaveBeenCalled();
});

test.each([
  [
    'a field that is not on screen',
    refusal('INVALID_ARGUMENT', { field: 'version', en: 'Odd version.' }),
    /Odd version/,
  ],
  ['no field, and what was entered is kept', refusal('INTERNAL', {}, 500), /still on this page/],
])('a refusal about %s stands above', async (_, error, text) => {
  open(async () => Promise.reject(await error));
  await press('Save');
  expect((await screen.findByText(text)).closest('.ant-alert')).not.toBeNull();
});

test('success closes', async () => {
  const close = open(() => Promise.resolve());
  await press('Save');
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
});

test('unsaved work is asked for', async () => {
  const close = open(() => Promise.resolve());
  fireEvent.change(screen.getByLabelText('Number'), { target: { value: '1' } });
  await press('Cancel');
  await screen.findAllByText('What you have not saved will be lost');
  expect(close).not.toHaveBeenCalled();
  await press('Leave without saving');
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
});

/** One drawer that serves a new thing and then an old one. */
function NewThenOld() {
  const [name, setName] = useState<string | null>('');
  return (
    <>
      <button type="button" onClick={() => setName('Clerk')}>
        <span>Edit</span>
      </button>
      <FormDrawer
        open={name !== null}
        title="Form"
        initial={{ name: name ?? '' }}
        submit={async () => {}}
        close={() => setName(null)}
      >
        <Form.Item name="name" label="Name">
          <Input />
        </Form.Item>
      </FormDrawer>
    </>
  );
}

test('opened for another thing, the form holds that one', async () => {
  draw(<NewThenOld />);
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('');
  await press('Cancel');
  await press('Edit');
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Clerk'));
});

function Going({ then }: { then: () => void }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setShown(true)}>
        Opener
      </button>
      <input aria-label="Next" />
      <FormDrawer
        open={shown}
        title="Form"
        submit={() => Promise.resolve()}
        close={() => {
          then();
          setShown(false);
        }}
      >
        <Input aria-label="Field" />
      </FormDrawer>
    </>
  );
}

test.each([
  ['what opened it', () => {}, 'Opener'],
  ['nothing, when the person has gone on', () => screen.getByLabelText('Next').focus(), 'Next'],
])('closing gives the focus back to %s', async (_, then, name) => {
  draw(<Going then={then} />);
  const opener = screen.getByText('Opener');
  opener.focus();
  fireEvent.click(opener);
  (await screen.findByLabelText('Field')).focus();
  await press('Save');
  await waitFor(() => expect(screen.queryByLabelText('Field')).toBeNull());
  const { activeElement } = document;
  expect(activeElement?.textContent || activeElement?.getAttribute('aria-label')).toBe(name);
});
