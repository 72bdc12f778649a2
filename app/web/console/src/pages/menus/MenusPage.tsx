import { NoPage, NoRight, PageHead, PageTabs, useCan, useT } from '@gonghui/ui';
import { useNavigate, useParams } from 'react-router';
import { Arrange } from './Arrange.tsx';
import { places } from './draft.ts';

/** Menus and columns: three places, arranged alike. */
export function MenusPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { place = 'console' } = useParams<'place'>();
  const current = places.find((one) => one === place);
  if (!current) return <NoPage />;
  return (
    <div className="page">
      <PageHead title={t('menus.title')} purpose={t('menus.purpose')} />
      {can('menu.read') ? (
        <PageTabs
          label={t('menus.title')}
          active={current}
          go={(key) => void navigate(`/menus/${key}`)}
          items={places.map((key) => ({ key, label: t(`menus.places.${key}`), children: <Arrange place={key} /> }))}
        />
      ) : (
        <NoRight what={t('menus.title')} capability="menu.read" />
      )}
    </div>
  );
}
