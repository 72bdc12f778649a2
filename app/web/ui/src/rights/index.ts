import { addTexts } from '../base/i18n.ts';
import en from '../i18n/rights.en.ts';
import zh from '../i18n/rights.zh.ts';
import './rights.css';

addTexts({ zh, en });

export { BodyPicker } from './BodyPicker.tsx';
export { BodyTree, type TreeProps } from './BodyTree.tsx';
export { CapabilityEditor } from './CapabilityEditor.tsx';
export { all, type Body, keys, type Line, useChildren } from './data.ts';
export { ExplainTab } from './ExplainTab.tsx';
export { GrantDrawer } from './GrantDrawer.tsx';
export { GrantRows, GrantsTab, useGrants } from './GrantsTab.tsx';
export { GrantTree } from './GrantTree.tsx';
export * from './queries.ts';
export { RolesTab } from './RolesTab.tsx';
export * from './rights.ts';
export { SubjectPicker } from './SubjectPicker.tsx';
export { SeatContext } from './seat.ts';
export { useMade } from './useMade.ts';
