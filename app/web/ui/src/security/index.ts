/** The parts of a page on the own account's protection. */

export { Devices } from './Devices.tsx';
export { Factors } from './Factors.tsx';
export { PasswordForm } from './PasswordForm.tsx';
export { SecurityPage } from './SecurityPage.tsx';
