import { FormDrawer, useT } from '@gonghui/ui';
import { Form, Input, Select } from 'antd';
import type { MenuItem, Place } from './draft.ts';

interface Values {
  titleZh: string;
  titleEn: string;
  group: string;
  url: string;
}

interface Props {
  item: MenuItem | null;
  /** Not in the list yet. */
  fresh: boolean;
  /** Made by the body itself. */
  own: boolean;
  groups: MenuItem[];
  place: Place;
  put: (item: MenuItem) => void;
  close: () => void;
}

/** Names of an item in both languages, its group, and where a link leads. Saved with the arrangement. */
export function ItemForm({ item, fresh, own, groups, place, put, close }: Props) {
  const t = useT();
  const kind =
    item?.kind === 'link' ? 'link' : item?.kind === 'group' ? (place === 'console' ? 'group' : 'column') : 'item';
  const inside = item?.kind === 'link' || (item?.kind === 'page' && !item.fixed);
  return (
    <FormDrawer<Values>
      open={item !== null}
      title={t(`menus.form.${fresh ? 'new' : 'edit'}.${kind}`)}
      about={t('menus.form.about')}
      initial={item ? { titleZh: item.titleZh, titleEn: item.titleEn, group: item.group, url: item.url } : {}}
      submitText={t('menus.form.done')}
      submit={async (values) => item && put({ ...item, ...values })}
      close={close}
    >
      <Form.Item
        name="titleZh"
        label={t('menus.form.zh')}
        extra={!own && item ? t('menus.form.default', { name: item.inheritedTitleZh }) : undefined}
        rules={
          own ? [{ required: true, whitespace: true, message: t('form.required', { label: t('menus.form.zh') }) }] : []
        }
      >
        <Input maxLength={20} showCount autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item
        name="titleEn"
        label={t('menus.form.en')}
        extra={!own && item ? t('menus.form.default', { name: item.inheritedTitleEn }) : t('menus.form.enHint')}
      >
        <Input maxLength={40} showCount autoComplete="off" />
      </Form.Item>
      {item?.kind === 'link' && own && (
        <Form.Item
          name="url"
          label={t('menus.form.url')}
          extra={t('menus.form.urlHint')}
          validateTrigger="onBlur"
          rules={[{ required: true, pattern: /^https:\/\/[^\s@/]+\.[^\s@/]+/i, message: t('menus.form.urlBad') }]}
        >
          <Input inputMode="url" maxLength={300} autoComplete="off" placeholder="https://" />
        </Form.Item>
      )}
      {inside && groups.length > 0 && (
        <Form.Item
          name="group"
          label={t(place === 'console' ? 'menus.form.group' : 'menus.form.column')}
          rules={place === 'console' ? [] : [{ required: true, message: t('menus.form.columnMissing') }]}
        >
          <Select
            options={[
              ...(place === 'console' ? [{ value: '', label: t('menus.form.noGroup') }] : []),
              ...groups.map((g) => ({ value: g.key, label: g.titleZh || g.key })),
            ]}
          />
        </Form.Item>
      )}
    </FormDrawer>
  );
}
