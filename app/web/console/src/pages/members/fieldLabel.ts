import type { useT } from '@gonghui/ui';

const labels: Record<string, string> = {
  name: 'name',
  idkind: 'idKind',
  idnumber: 'idNumber',
  phone: 'phone',
  sex: 'sex',
  birth: 'birth',
  nation: 'nation',
  education: 'education',
  politicalstatus: 'politics',
  employer: 'employer',
  job: 'job',
  employment: 'employment',
  migrant: 'migrant',
  address: 'address',
  joinedon: 'joinedOn',
  deptid: 'dept',
};

/** fieldLabel names a field of the file for people, whether the server wrote id_number or idNumber. */
export function fieldLabel(field: string, t: ReturnType<typeof useT>): string {
  const label =
    labels[
      field
        .replace(/^fields\./, '')
        .replaceAll('_', '')
        .toLowerCase()
    ];
  return label ? t(`member.${label}`) : field;
}
