import type zh from './authorize.zh.ts';

const en: typeof zh = {
  member: {
    authorize: {
      title: 'Sign in to an application',
      heading: 'Sign in to {{app}}',
      by: 'With your account at {{body}}',
      learns: 'The application learns',
      scope: {
        openid: 'That it is you',
        profile: 'Name',
        phone: 'Phone number',
        org: 'Your roles in this union',
        offline_access: 'Stay signed in',
      },
      scopeHelp: {
        openid: 'It knows you again, but not by the number that others know you by',
        profile: 'Your real name',
        phone: 'The whole number',
        org: 'Name of the union and your role',
        offline_access: 'Ends when you sign out of your union account',
      },
      third:
        'You will go back to {{host}}. This is a third party; you can take it back at any time in Me, Applications.',
      own: 'You will go back to {{host}}. This application is the union’s own.',
      allow: 'Allow and sign in',
      refuse: 'Refuse',
      again: '{{app}} asks you to sign in again, to be sure that it is you.',
      againAct: 'Sign in again',
      lost: 'This sign-in cannot go on',
      home: 'Back to the first page',
    },
  },
};

export default en;
