import {
  LOOK_AGAIN,
  loadTheme,
  paint,
  pick,
  plainTheme,
  type Theme,
  ThemeContext,
  useLocale,
  useT,
  write,
} from '@gonghui/ui/base';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { onLeft } from './kept.ts';
import { type LegalKind, legalKinds } from './legal.ts';
import { aboves, blockOf, pages } from './modules/index.ts';
import type { ModulePage } from './modules/part.ts';
import { page, soon } from './page.tsx';
import { Failed } from './parts/Failed.tsx';
import { Frame, Level } from './parts/Frame.tsx';
import { Loading } from './parts/Loading.tsx';
import { Notice } from './parts/Notice.tsx';
import { StepUp } from './parts/StepUp.tsx';
import { Update } from './parts/Update.tsx';
import { onPreview, previewToken } from './preview.ts';
import { asShipped, type Me, MeContext, meQuery, useMe } from './session.ts';

const Welcome = soon(() => import('./pages/Welcome.tsx'));
const Home = soon(() => import('./pages/Home.tsx'));
const ClosingDue = page(() => import('./pages/ClosingDue.tsx'));
const ConsentDue = page(() => import('./pages/ConsentDue.tsx'));
const DataPage = page(() => import('./pages/DataPage.tsx'));
const Devices = page(() => import('./pages/Devices.tsx'));
const GetPage = page(() => import('./pages/GetPage.tsx'));
const Invitation = page(() => import('./pages/Invitation.tsx'));
const Legal = page(() => import('./pages/Legal.tsx'));
const MyPage = page(() => import('./pages/MyPage.tsx'));
const Password = page(() => import('./pages/Password.tsx'));
const RecordsPage = page(() => import('./pages/RecordsPage.tsx'));
const Reset = page(() => import('./pages/Reset.tsx'));
const Security = page(() => import('./pages/Security.tsx'));

const LOOK = 'look';

declare global {
  interface Window {
    /** What boot.js has painted the page with: the looks that came with it, or the newer ones that the device has kept. */
    gonghuiLook?: Theme;
  }
}

/** Milliseconds after which the looks are asked for again on an open page that nobody uses. */
const LOOK_LATER = 30_000;

/** Milliseconds for which a page counts as used after a touch. */
const USED = 60_000;

/** How many columns of the first page a phone shows before one scrolls. */
const ABOVE = 2;

let keptLook: Theme | undefined;

async function askLook(has?: Theme): Promise<Theme> {
  const look = await loadTheme(has, previewToken);
  if (look !== keptLook && !previewToken) {
    keptLook = look;
    write(LOOK, JSON.stringify(look));
  }
  return look;
}

/** Fetches ahead what the first page is made of, so that it is drawn as a whole. */
export function ahead(me: Me | null | undefined): Promise<unknown> {
  if (!me) return Welcome.ahead();
  const columns = (me.columns ?? asShipped).filter(({ place }) => place === 'portal').slice(0, ABOVE);
  return Promise.all([Home.ahead(), ...columns.map(({ key }) => blockOf(key)?.ahead())]);
}

export function App() {
  const t = useT();
  const touched = useRef(Date.now());
  const theme = useQuery({
    queryKey: ['theme'],
    queryFn: ({ client }) => askLook(client.getQueryData<Theme>(['theme'])),
    initialData: window.gonghuiLook,
    initialDataUpdatedAt: 0,
    // Asked for anew whenever the person comes back to the page, or goes to another.
    staleTime: 0,
    retry: false,
    refetchInterval: () => (Date.now() - touched.current < USED ? LOOK_AGAIN : LOOK_LATER),
  });
  const [path] = useLocation();
  const { refetch } = theme;
  useEffect(() => {
    if (path) void refetch();
  }, [path, refetch]);
  useEffect(() => {
    const touch = () => {
      if (Date.now() - touched.current >= USED) void refetch();
      touched.current = Date.now();
    };
    const touches = ['pointerdown', 'keydown', 'scroll'] as const;
    for (const kind of touches) addEventListener(kind, touch, { passive: true, capture: true });
    return () => {
      for (const kind of touches) removeEventListener(kind, touch, { capture: true });
    };
  }, [refetch]);
  useEffect(() => onPreview(() => void refetch()), [refetch]);
  const look = theme.data ?? plainTheme;
  const title = t('app.member');
  const appName = pick(useLocale(), look.appName, look.appNameEn);
  useLayoutEffect(() => paint({ ...look, appName }, title), [look, appName, title]);
  useEffect(() => onLeft(() => window.location.reload()), []);
  // New legal texts stand before every page at once, not only when the app is opened anew.
  const client = useQueryClient();
  const { legalVersion } = look;
  const agreed = useRef(legalVersion);
  useEffect(() => {
    if (agreed.current === legalVersion) return;
    agreed.current = legalVersion;
    void client.invalidateQueries({ queryKey: ['legal'] });
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
  }, [legalVersion, client]);
  // Where the page came without looks the first answer decides: nothing is painted in the wrong colours and then changed.
  if (theme.isPending) return null;
  return (
    <ThemeContext value={look}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/get">
            <GetPage />
          </Route>
          <Route>
            <Door />
          </Route>
        </Switch>
      </Suspense>
      <StepUp />
      <Update />
      {look.preview && window.parent === window && <p className="preview-mark">{t('member.preview')}</p>}
      <Notice />
    </ThemeContext>
  );
}

function Door() {
  const me = useQuery(meQuery);
  if (me.isPending) return <Loading />;
  if (me.error && !me.data) return <Failed error={me.error} retry={() => void me.refetch()} page />;
  if (!me.data) return <Outside />;
  return (
    <MeContext value={me.data}>
      <Above />
      <Inside />
    </MeContext>
  );
}

function LegalAt({ kind, back }: { kind: string; back: string }) {
  const known = legalKinds.find((one): one is LegalKind => one === kind);
  return known ? <Legal kind={known} back={back} /> : <Redirect to={back} replace />;
}

/** Pages of a visitor. */
function Outside() {
  const [search] = useSearchParams();
  const token = search.get('token');
  return (
    <Switch>
      <Route path="/join">{token ? <Invitation token={token} /> : <Welcome joining />}</Route>
      <Route path="/reset">
        <Reset />
      </Route>
      <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/" />}</Route>
      <Route>
        <Welcome joining={false} />
      </Route>
    </Switch>
  );
}

/** What modules tell on every page. It comes after the page, which does not wait for it. */
function Above() {
  const { capabilities, closingAt, consentDue } = useMe();
  if (closingAt || consentDue) return null;
  return aboves
    .filter(({ capability }) => capabilities.includes(capability))
    .map(({ capability, Above: Own }) => (
      <Suspense key={capability} fallback={null}>
        <Own />
      </Suspense>
    ));
}

/** A page of a module, with what stands around one of its level. */
function Leveled({ page: { path, level, Page } }: { page: ModulePage }) {
  if (level === 'first') {
    return (
      <Frame>
        <Page />
      </Frame>
    );
  }
  if (level === 'whole') return <Page />;
  return (
    <Level path={path}>
      <Page />
    </Level>
  );
}

/** Pages of who is signed in. */
function Inside() {
  const { capabilities, closingAt, consentDue } = useMe();
  const [search] = useSearchParams();
  const token = search.get('token');
  if (closingAt) return <ClosingDue at={closingAt} />;
  if (consentDue) {
    return (
      <Switch>
        <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/" />}</Route>
        <Route>
          <ConsentDue />
        </Route>
      </Switch>
    );
  }
  return (
    <Switch>
      {token && (
        <Route path="/join">
          <Invitation token={token} />
        </Route>
      )}
      {pages
        .filter(({ capability }) => capability === 'session' || capabilities.includes(capability))
        .map((one) => (
          <Route key={one.path} path={one.path}>
            <Leveled page={one} />
          </Route>
        ))}
      <Route path="/me/devices">
        <Devices />
      </Route>
      <Route path="/me/security">
        <Security />
      </Route>
      <Route path="/me/password">
        <Password />
      </Route>
      <Route path="/me/records">
        <RecordsPage />
      </Route>
      <Route path="/me/data">
        <DataPage />
      </Route>
      <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/me" />}</Route>
      <Route path="/me">
        <Frame>
          <MyPage />
        </Frame>
      </Route>
      <Route path="/">
        <Frame>
          <Home />
        </Frame>
      </Route>
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}
