import { SignInPage, useT } from '@gonghui/ui';

export function SignIn() {
  return <SignInPage title={useT()('app.console')} />;
}
