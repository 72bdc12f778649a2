import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useT } from '@gonghui/ui';
import { AutoComplete, Button, Form, Input, InputNumber } from 'antd';
import type { ItemValues } from './agenda.ts';
import './agenda.css';

/** Items at most; the server takes no more. */
const MOST = 50;

interface Props {
  /** The names offered as presenters. */
  names: readonly string[];
}

/**
 * The items of an agenda, in their order; each goes up and down by its buttons. They are preserved: a form that begins anew makes its
 * fields anew, and one that forgets hidden fields would take those of a list for gone.
 */
export function AgendaItems({ names }: Props) {
  const t = useT();
  const options = [...new Set(names)].map((value) => ({ value }));
  return (
    <Form.List name="agenda">
      {(fields, { add, remove, move }) => (
        <>
          <ol className="agenda-rows" aria-label={t('agenda.title')}>
            {fields.map(({ key, name }, i) => (
              <li key={key} className="agenda-row">
                <span className="agenda-no num" aria-hidden="true">
                  {i + 1}
                </span>
                <div className="agenda-fields">
                  <Form.Item name={[name, 'id']} preserve hidden>
                    <Input />
                  </Form.Item>
                  <Form.Item
                    name={[name, 'title']}
                    preserve
                    rules={[{ required: true, whitespace: true, message: t('agenda.needTitle') }]}
                  >
                    <Input
                      maxLength={120}
                      aria-label={t('agenda.titleOf', { no: i + 1 })}
                      placeholder={t('agenda.itemTitle')}
                    />
                  </Form.Item>
                  <div className="agenda-second">
                    <Form.Item name={[name, 'presenter']} preserve>
                      <AutoComplete
                        options={options}
                        maxLength={60}
                        showSearch={{ filterOption: (words, option) => option?.value.includes(words) ?? false }}
                        aria-label={t('agenda.presenterOf', { no: i + 1 })}
                        placeholder={t('agenda.presenter')}
                      />
                    </Form.Item>
                    <Form.Item name={[name, 'minutes']} preserve>
                      <InputNumber
                        min={1}
                        max={1440}
                        precision={0}
                        suffix={t('agenda.minutes')}
                        aria-label={t('agenda.minutesOf', { no: i + 1 })}
                      />
                    </Form.Item>
                  </div>
                  <Form.Item name={[name, 'note']} preserve>
                    <Input
                      maxLength={240}
                      aria-label={t('agenda.noteOf', { no: i + 1 })}
                      placeholder={t('agenda.note')}
                    />
                  </Form.Item>
                </div>
                <div className="agenda-acts">
                  <Button
                    size="small"
                    type="text"
                    icon={<ArrowUpOutlined aria-hidden />}
                    aria-label={t('agenda.up', { no: i + 1 })}
                    disabled={i === 0}
                    onClick={() => move(i, i - 1)}
                  />
                  <Button
                    size="small"
                    type="text"
                    icon={<ArrowDownOutlined aria-hidden />}
                    aria-label={t('agenda.down', { no: i + 1 })}
                    disabled={i === fields.length - 1}
                    onClick={() => move(i, i + 1)}
                  />
                  <Button
                    size="small"
                    type="text"
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={t('agenda.remove', { no: i + 1 })}
                    onClick={() => remove(name)}
                  />
                </div>
              </li>
            ))}
          </ol>
          {fields.length < MOST && (
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({ title: '' } satisfies ItemValues)}>
              {t('agenda.add')}
            </Button>
          )}
        </>
      )}
    </Form.List>
  );
}
