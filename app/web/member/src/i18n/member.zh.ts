const zh = {
  member: {
    tabs: { label: '主导航', home: '首页', me: '我的' },
    welcome: {
      purpose: '用手机号登录，查看您的会员证和所属工会。',
      phoneHelp: '入会时登记的手机号',
      help: '还没有账号或忘了密码，请联系所在工会。',
      locked: '尝试次数过多，请 {{minutes}} 分钟后再试',
    },
    elder: { on: '长辈版', off: '标准版' },
    card: {
      title: '会员证',
      no: '会员号',
      union: '所属工会',
      joined: '入会日期',
      unknown: '未登记',
      state: { active: '在册', withdrawn: '已退会', deceased: '已注销' },
      none: '这里会显示您的会员证',
      noneBody: '您在{{body}}的身份是{{role}}，没有会员档案。如需入会，请联系所在工会。',
    },
    union: {
      title: '我的工会',
      line: '上级工会，从全国到本级',
      own: '本级',
      other: '另一条线的直接上级：{{name}}',
      founded: '成立于 {{date}}',
    },
    me: {
      title: '我的',
      console: '进入工作台',
      consoleHelp: '管理会员、组织和设置',
      account: '账号与安全',
      display: '显示',
      elder: '长辈版',
      elderHelp: '字更大，按钮更大',
      demo: '演示系统，数据均为虚构',
    },
    sessions: {
      title: '登录设备',
      purpose: '不认识的设备，请退出并尽快修改密码。',
      current: '本机',
      seen: '{{ago}}使用过',
      since: '{{date}} 登录',
      end: '退出',
      ask: '让“{{device}}”退出登录？',
      askBody: '该设备再次使用时需要重新登录。',
      done: '“{{device}}”已退出登录',
      empty: '没有其他设备登录',
      unknown: '未知设备',
    },
    password: {
      title: '修改密码',
      purpose: '修改后，其他设备会退出登录。',
      old: '原密码',
      next: '新密码',
      nextHelp: '至少 8 位，含字母、数字、符号中的两类',
      again: '再输一遍新密码',
      short: '至少 8 位',
      kinds: '至少含两类字符',
      differ: '两次输入不一致',
      same: '新密码不能与原密码相同',
      done: '密码已修改，其他设备已退出登录',
    },
    release: '松开刷新',
    refreshing: '正在刷新',
  },
};

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
/** The texts of this app; every language has the same keys. */
export type Texts = Shape<typeof zh>;

export default zh;
