import base from '@gonghui/ui/base.en';
import meet from './meet.en.ts';

export default { ...base, ...meet };
