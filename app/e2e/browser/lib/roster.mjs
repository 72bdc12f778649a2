// A roster as an office keeps it, with faults of seven kinds, and the same one without.
import { checked, citizenID, misread, mobile } from './people.mjs';

/** Rows below the header, and how many of them are faulty. */
export const rows = 60;
export const wrong = 7;

/** Nobody else calls this column so: its values alone say what it is. */
const numbers = '可拨打的号';
const other = '车间班组';
const header = ['序号', '姓名', '身份证号码', numbers, '民族', '文化程度', '入会日期', '工作单位', other];

const han = '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥';
const letter = (n) => han[n % han.length];

/** What is wrong with a row, by the words of the preview, and how it came about. */
const faults = [
  ['身份证号校验位不符', (row) => row.with(2, misread(row[2]))],
  ['身份证号中的日期不存在', (row) => row.with(2, checked(`44010019850230${row[2].slice(14, 17)}`))],
  ['文件中重复', (row, all) => row.with(2, all[0][2])],
  ['手机号不对', (row) => row.with(3, '1360123')],
  ['缺姓名', (row) => row.with(1, '')],
  ['代码或名称不认识', (row) => row.with(5, '博学多才')],
  ['日期先后不对', (row) => row.with(6, '1970.1.2')],
];

const csv = (lines) => `\ufeff${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;

/** Makes a roster of people who do not exist, others each time. */
export function roster() {
  const run = letter(Math.floor(Math.random() * han.length)) + letter(Math.floor(Math.random() * han.length));
  const clean = Array.from({ length: rows }, (_, i) => [
    String(i + 1),
    `${run}${letter(i)}${letter(Math.floor(i / han.length))}`,
    citizenID('440100', 1970 + (i % 30)),
    mobile().replace(/(...)(....)(....)/, '$1 $2 $3'),
    '汉族',
    '大学本科',
    `2019.${1 + (i % 12)}.${1 + (i % 28)}`,
    '珠江造船厂',
    `第${i + 1}车间`,
  ]);
  // Spread over the file, none of them in the first row.
  const at = faults.map((_, i) => 5 + i * 8);
  const dirty = clean.map((row, i) => (at.includes(i) ? faults[at.indexOf(i)][1](row, clean) : row));
  return {
    numbers,
    other,
    kinds: faults.map(([kind]) => kind),
    text: csv([header, ...dirty]),
    clean: csv([header, ...clean]),
    faulty: at.map((i) => dirty[i][1]),
    marks: at.map((i) => dirty[i][8]),
    first: clean[0][1],
    firstID: clean[0][2],
    /** The file of corrections with every row put right, the rest of it as it came. */
    corrected: (text) =>
      text
        .split(/\r?\n/)
        .map((line) => {
          const row = clean.find(([number]) => line.startsWith(`${number},`));
          return row ? row.join(',') : line;
        })
        .join('\r\n'),
  };
}
