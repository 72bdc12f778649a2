import { addTexts } from '../base/i18n.ts';
import en from '../i18n/audit.en.ts';
import zh from '../i18n/audit.zh.ts';

addTexts({ zh, en });

export { LinkButton } from '../LinkButton.tsx';
export { AuditPage } from './AuditPage.tsx';
export { OwnActsPage } from './OwnActsPage.tsx';
export { TrailPage } from './TrailPage.tsx';
