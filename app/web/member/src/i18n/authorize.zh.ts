const zh = {
  member: {
    authorize: {
      title: '登录到应用',
      heading: '登录“{{app}}”',
      by: '使用{{body}}的账号',
      learns: '该应用将获得',
      scope: {
        openid: '确认您的登录',
        profile: '姓名',
        phone: '手机号',
        org: '在本工会的身份',
        offline_access: '保持登录',
      },
      scopeHelp: {
        openid: '应用知道是同一个人，但不知道您在其他应用的编号',
        profile: '您的真实姓名',
        phone: '完整手机号',
        org: '工会名称和您的角色',
        offline_access: '您退出工会账号时一并结束',
      },
      third: '同意后将返回 {{host}}。这是第三方应用，您可以随时在“我的 - 授权的应用”中收回。',
      own: '同意后将返回 {{host}}。这是工会自有应用。',
      allow: '同意并登录',
      refuse: '拒绝',
      again: '“{{app}}”要求您重新登录，以确认是您本人。',
      againAct: '重新登录',
      lost: '无法继续登录',
      home: '返回首页',
    },
  },
};

export default zh;
