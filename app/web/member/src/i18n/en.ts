import baseEn from '@gonghui/ui/base.en';
import en from './member.en.ts';

/** All the English of the first pages in one file: who reads Chinese does not fetch it. */
export default { ...baseEn, ...en };
