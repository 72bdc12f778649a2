// People who do not exist.

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const among = (n) => Math.floor(Math.random() * n);

/** A mobile number, another one each time. */
export const mobile = () => `1360${String(among(10_000_000)).padStart(7, '0')}`;

/** A number of two digits in Han, to tell names of the same kind apart. */
export const ordinal = () => '一二三四五六七八九'[among(9)] + '一二三四五六七八九'[among(9)];

/** The 18 digits of an identity card (GB 11643) of a division and a year of birth, another one each time. */
export function citizenID(division, year) {
  return checked(`${division}${year}0${1 + among(9)}${10 + among(19)}${100 + among(900)}`);
}

/** Seventeen digits of an identity card with the last one that belongs to them. */
export function checked(head) {
  const sum = [...head].reduce((n, digit, i) => n + Number(digit) * weights[i], 0);
  return head + '10X98765432'[sum % 11];
}

/** The same number with a last digit that cannot be. */
export function misread(id) {
  const last = id.at(-1) === '1' ? '2' : '1';
  return id.slice(0, -1) + last;
}
