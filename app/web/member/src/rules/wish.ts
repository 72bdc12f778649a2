/** The fields of the own file that a member may ask to change, in the order of the form. */
export const changeable = [
  'phone',
  'nation',
  'education',
  'politicalStatus',
  'address',
  'employer',
  'job',
  'employment',
  'migrant',
] as const;

export type Changeable = (typeof changeable)[number];

/** What a member wishes: only what differs from the file. */
export type Wish<F> = Partial<Pick<F, Extract<Changeable, keyof F>>>;

interface Sealed {
  idNumber: string;
  phone: string;
}

/** Whether a wish differs from the file; a phone is masked there and counts as soon as there is one. */
export function differs<F extends Sealed>(file: F, wish: Wish<F>): boolean {
  return Object.entries(wish).some(([name, value]) =>
    name === 'phone' ? value !== '' : value !== file[name as keyof F],
  );
}

/** The file as it should be. Numbers are masked in what the phone knows: left empty, they stay as they are. */
export function asWished<F extends Sealed>(file: F, wish: Wish<F>): F {
  return { ...file, idNumber: '', phone: '', ...wish };
}
