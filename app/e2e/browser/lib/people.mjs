// People who do not exist.

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18 digits of an identity card: division, day of birth (YYYYMMDD), order of three digits (GB 11643). */
export function citizenID(division, born, order) {
  const head = `${division}${born}${String(order).padStart(3, '0')}`;
  const sum = [...head].reduce((n, digit, i) => n + Number(digit) * weights[i], 0);
  return head + '10X98765432'[sum % 11];
}

/** The same number with a last digit that cannot be. */
export function misread(id) {
  const last = id.at(-1) === '1' ? '2' : '1';
  return id.slice(0, -1) + last;
}
