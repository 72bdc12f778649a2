import { api, keyed, type Schemas, take } from '@gonghui/api';
import { Badge, Bars, EmptyState, ErrorState, meKey, pick, Section, useAct, useLocale, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { App, Switch } from 'antd';
import { keys } from '../../data.ts';

type Module = Schemas['Module'];

/** What the product can do, and which of it this body has on. Switching is undone by switching back. */
export function ModulesTab() {
  const t = useT();
  const locale = useLocale();
  const { message } = App.useApp();
  const modules = useQuery({ queryKey: keys.modules, queryFn: () => take(api.GET('/v1/modules')) });
  const turn = useAct({
    run: ({ name, on }: Module, key) =>
      take(
        api.POST('/v1/modules/{name}:switch', { params: { path: { name } }, body: { name, on }, headers: keyed(key) }),
      ),
    refresh: [keys.modules, meKey],
    done: (module) => {
      const name = pick(locale, module.titleZh, module.titleEn);
      void message.success(module.on ? t('modules.on', { name }) : t('modules.off', { name }));
    },
  });
  if (modules.error && !modules.data) {
    return <ErrorState error={modules.error} retry={() => void modules.refetch()} />;
  }
  return (
    <Section about={t('modules.about')} title={t('settings.tabs.modules')}>
      {!modules.data ? (
        <Bars rows={6} height={40} />
      ) : modules.data.modules.length === 0 ? (
        <EmptyState title={t('modules.none')} />
      ) : (
        <ul className="rows">
          {modules.data.modules.map((module) => {
            const name = pick(locale, module.titleZh, module.titleEn);
            return (
              <li key={module.name}>
                <div className="row-text">
                  <span className="row-name">{name}</span>
                  <span className="row-sub">{pick(locale, module.aboutZh, module.aboutEn)}</span>
                </div>
                {module.locked ? (
                  <Badge tone="plain">{t('modules.locked')}</Badge>
                ) : (
                  <Switch
                    aria-label={t('modules.toggle', { name })}
                    checked={module.on}
                    loading={turn.isPending && turn.variables?.name === module.name}
                    onChange={(on) => turn.mutate({ ...module, on })}
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
