import { api, asApiError, take } from '@gonghui/api';
import { Bars, ErrorState, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useSearchParams } from 'react-router';
import { keys } from '../../data.ts';
import { type Place, roles } from './draft.ts';
import { Editor } from './Editor.tsx';

/** One place: whose it is that is arranged, and the arrangement. */
export function Arrange({ place }: { place: Place }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const role = roles.find((one) => one === params.get('role')) ?? '';
  const menu = useQuery({
    queryKey: [...keys.menus, place, role],
    queryFn: () => take(api.GET('/v1/menus/{place}', { params: { path: { place }, query: { role } } })),
    // The arrangement under somebody's hands is not replaced behind his back; the version tells when it is old.
    refetchOnWindowFocus: false,
  });
  const options = roles
    .filter((one) => place === 'portal' || one !== 'member')
    .map((value) => ({ value, label: t(`menus.role.${value || 'all'}`) }));
  return (
    <>
      <div className="menus-bar">
        <label htmlFor="menus-role">{t('menus.whose')}</label>
        <Select
          id="menus-role"
          value={role}
          options={options}
          onChange={(value) => setParams(value ? { role: value } : {}, { replace: true })}
        />
        <span className="quiet">{t(role ? 'menus.roleHint' : 'menus.allHint')}</span>
      </div>
      {menu.error && !menu.data ? (
        <ErrorState error={asApiError(menu.error)} retry={() => void menu.refetch()} />
      ) : menu.data ? (
        <Editor
          key={`${place} ${role} ${menu.data.version} ${menu.data.publishedVersion}`}
          place={place}
          menu={menu.data}
        />
      ) : (
        <div className="section">
          <Bars rows={8} height={40} />
        </div>
      )}
    </>
  );
}
