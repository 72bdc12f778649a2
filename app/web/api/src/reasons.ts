import { general, type Locale } from './words.ts';

/**
 * What a reason means to the person in front of the screen, and what to do next. {name} is taken from the metadata. Most people
 * never see one, so they are fetched with the first error that needs them.
 */
export const reasons: Record<string, Record<Locale, string>> = {
  ...general,

  // the edge
  METHOD_NOT_ALLOWED: {
    zh: '不支持这种请求，请从首页重新进入',
    en: 'This kind of request is not supported. Start again from the first page.',
  },

  // meeting
  MEETING_NOT_FOUND: {
    zh: '没有这个会议，或您不在邀请之列；请核对会议号',
    en: 'There is no such meeting, or it is not for you. Check the number.',
  },
  MEETING_STALE: {
    zh: '会议已被他人修改，请刷新后再改',
    en: 'Somebody else has changed the meeting. Reload the page, then make your change.',
  },
  MEETING_OVER: { zh: '会议已结束或已取消', en: 'The meeting is over or was called off.' },
  MEETING_NOT_OPEN: {
    zh: '主持人还没有开始会议，请稍候再进入',
    en: 'The host has not begun the meeting yet. Try again in a moment.',
  },
  MEETING_LOCKED: {
    zh: '会议已锁定，请联系主持人解锁后再进入',
    en: 'The meeting is locked. Ask the host to unlock it.',
  },
  MEETING_PASSWORD: { zh: '会议密码不对，请重新输入', en: 'The password is not right. Type it again.' },
  MEETING_REFUSED: {
    zh: '主持人没有同意您进入，请一分钟后再试',
    en: 'The host has not let you in. Try again in a minute.',
  },
  MEETING_NOT_HOST: { zh: '只有会议的召集人可以这样做', en: 'Only who holds the meeting may do this.' },
  MEETING_TRIES: { zh: '尝试次数过多，请十分钟后再试', en: 'Too many tries. Wait ten minutes.' },
  MEETING_PASS: {
    zh: '入会凭证已失效，请从本单位页面重新进入',
    en: 'The pass has run out. Start again from the page of your own union.',
  },
  MEETING_STATE: {
    zh: '会议当前的状态不能这样操作，请刷新后重试',
    en: 'The meeting is in another state by now. Reload the page.',
  },
  MEETING_SIGN_IN: {
    zh: '会议不对访客开放，请先登录',
    en: 'The meeting is not open to guests. Sign in first.',
  },
  MEETING_MEDIA: {
    zh: '音视频服务暂时不可用，请稍后再试',
    en: 'Sound and pictures are not to be had just now. Try again later.',
  },
  MEETING_FULL: { zh: '参会人数已达上限', en: 'As many came as the meeting can hold.' },
  MEETING_ORIGIN: { zh: '请从本工会的会议页面进入会议', en: 'Come in from the meeting page of this union.' },
  MEETING_BALLOT: {
    zh: '无记名表决当前的状态不能这样操作',
    en: 'The secret ballot does not stand so that this can be done.',
  },
  MEETING_CODE: {
    zh: '签到码已更换或签到已结束，请重新扫码',
    en: 'The code has changed, or the sign-in is over. Scan it again.',
  },
  MEETING_SOCKET: {
    zh: '连接方式不对，请刷新会议页面',
    en: 'This is not how one connects to a meeting. Reload its page.',
  },

  // media/record
  RECORDING_NOT_FOUND: {
    zh: '录制不存在，或未向您共享',
    en: 'There is no such recording, or it is not shared with you.',
  },
  RECORDING_STATE: {
    zh: '录制当前的状态不能这样操作，请刷新后重试',
    en: 'The recording is in another state by now. Reload the page.',
  },
  RECORDING_KEPT: {
    zh: '录制已设为保留，取消保留后才能删除',
    en: 'The recording is kept from being deleted. Let it go first.',
  },
  PAPER_NOT_FOUND: { zh: '没有这个文件，或未向您开放', en: 'There is no such file, or it is not for you.' },
  PAPER_ADDRESS: { zh: '文件地址已失效，请重新打开', en: 'The address of the file has run out. Open it again.' },
  PAPER_KEPT: { zh: '这份材料只能在页面中查看，不能下载', en: 'This paper can only be looked at in the page.' },
  PAPER_MANY: {
    zh: '文件数量已达上限，请先删除不用的',
    en: 'There are as many files as a meeting takes. Remove some first.',
  },
  RECORDING_ADDRESS: { zh: '播放地址已失效，请重新打开录制', en: 'The address has run out. Open the recording again.' },

  // builder
  APP_BUILD_NOT_FOUND: { zh: '没有这个版本，请刷新后重试', en: 'There is no such build. Reload the page.' },
  APP_RELEASE_NOT_FOUND: { zh: '没有这次发布，请刷新后重试', en: 'There is no such release. Reload the page.' },
  APP_BUILD_STATE: {
    zh: '该版本当前的状态不能这样操作，请刷新后重试',
    en: 'The build is in another state by now. Reload the page.',
  },
  APP_BUILD_TRIAL: {
    zh: '试用包只能在局域网演示中使用，不能发布',
    en: 'A trial package is for a demo on a local network and is never published.',
  },
  APP_BUILD_OLDER: {
    zh: '已发布更新的版本，手机不会安装较旧的版本；如需恢复旧内容，请使用“回退”',
    en: 'A newer version is published and phones take no older one. Roll back to have the earlier content again.',
  },
  APP_RELEASE_STATE: {
    zh: '这次发布已结束，或范围已更大，请刷新后重试',
    en: 'The release is over, or goes to more devices already. Reload the page.',
  },
  APP_KEY_MISSING: {
    zh: '尚未生成签名密钥，请先生成一次安卓应用',
    en: 'There is no signing key yet. Build the Android app first.',
  },
  APP_SIGNER_AWAY: {
    zh: '签名服务暂时没有应答，请稍后再试',
    en: 'The signing service does not answer just now. Try again shortly.',
  },
  APP_CHANNEL_LIVE: {
    zh: '此项没有版本先后，直接发布旧版本即可',
    en: 'This channel knows no order of versions. Publish the earlier build itself.',
  },
  APP_CHANNEL_PRIVATE: {
    zh: '此项供管理员下载使用，不在下载页发布',
    en: 'This one is for administrators to download. It is not published.',
  },
  APP_TRIAL_UNAVAILABLE: {
    zh: '本系统没有局域网证书，不能生成试用包',
    en: 'This installation has no local authority. Trial packages cannot be built.',
  },
  FLEET_REBUILD_NOT_FOUND: {
    zh: '没有这次统一生成，请刷新后重试',
    en: 'There is no such rebuild. Reload the page.',
  },

  // identity
  SIGN_IN_REFUSED: {
    zh: '手机号或密码不对，或者该账号不属于本单位',
    en: 'Phone or password is wrong, or the account has no place in this union.',
  },
  SIGN_IN_LOCKED: {
    zh: '尝试次数过多，请 {retry_after} 秒后再试',
    en: 'Too many failed attempts. Try again in {retry_after} seconds.',
  },
  PASSWORD_WRONG: { zh: '原密码不对', en: 'The current password is wrong.' },
  PASSWORD_WEAK: {
    zh: '新密码太简单：{zh}',
    en: 'The new password is too weak: {en}.',
  },
  INVITATION_INVALID: {
    zh: '邀请已失效，请联系管理员重新邀请',
    en: 'This invitation is no longer valid. Ask the administrator for a new one.',
  },
  SESSION_NOT_FOUND: { zh: '该设备已经退出', en: 'That session has already ended.' },
  INVITATION_NOT_FOUND: { zh: '邀请不存在或已被撤回', en: 'The invitation does not exist or was withdrawn.' },
  CODE_WRONG: {
    zh: '验证码不对或已过期，请核对或重新获取',
    en: 'The code is wrong or has expired. Compare it, or get a new one.',
  },
  CODE_TOO_OFTEN: {
    zh: '获取验证码太频繁，请 {retry_after} 秒后再试',
    en: 'Too many codes were asked for. Try again in {retry_after} seconds.',
  },
  CODE_NOT_SENT: {
    zh: '短信没有发出去，请稍后重试',
    en: 'The message could not be sent. Try again shortly.',
  },
  PLACE_TAKEN: { zh: '“{room}”已被预订：{held}', en: '“{room}” is booked: {held}' },
  PLACE_NOT_FOUND: { zh: '没有这个会议室，或已停用', en: 'There is no such room, or it is closed.' },
  PLACE_KEPT: { zh: '这个会议室只能由会议管理员预订', en: 'This room is booked by those alone who manage meetings.' },
  PLACE_NAME: { zh: '已有同名的会议室', en: 'Another room has this name.' },
  PLACE_STALE: {
    zh: '会议室已被他人修改，请刷新后再改',
    en: 'Somebody else has changed the room. Reload it, then make your change.',
  },
  PLACE_CONFLICT: {
    zh: '该身份与已有账号不一致，请联系所在工会核对手机号和证件号码',
    en: 'This does not fit an account that exists already. Ask your union to compare phone and ID number.',
  },
  PHONE_TOKEN_INVALID: {
    zh: '手机验证已过期，请重新获取验证码',
    en: 'The proof of your phone has expired. Get a new code.',
  },
  CONSENT_STALE: {
    zh: '条款有了新版本，请重新阅读并同意',
    en: 'The terms have a newer version. Please read it and agree again.',
  },
  LAST_ADMIN: {
    zh: '您是本单位唯一的管理员，请先邀请另一位管理员，再注销账号',
    en: 'You are the only administrator of your union. Invite another one before you close the account.',
  },

  CAPTCHA_REQUIRED: {
    zh: '失败次数较多，安全校验没有完成，请重试',
    en: 'After several failures a security check is needed, and it was not completed. Try again.',
  },
  TICKET_INVALID: { zh: '登录已过期，请重新登录', en: 'This sign-in has expired. Begin again.' },
  FACTOR_WRONG: {
    zh: '验证码不对或已经用过，请核对，或等下一个',
    en: 'The code is wrong or was used already. Compare it, or wait for the next one.',
  },
  PASSKEY_REFUSED: { zh: '通行密钥没有通过验证，请重试', en: 'The passkey was not accepted. Try again.' },
  PASSKEY_CANCELLED: {
    zh: '没有用上通行密钥，可以重试或换一种方式',
    en: 'The passkey was not used. Try again, or choose another way.',
  },
  PASSKEY_NOT_FOUND: {
    zh: '没有这个通行密钥，可能已被移除',
    en: 'There is no such passkey. It may have been removed.',
  },
  PASSKEY_LIMIT: {
    zh: '这个通行密钥已经添加过，或数量已达上限',
    en: 'This passkey, or as many as there may be, has been added already.',
  },
  TOTP_STATE: {
    zh: '设置状态已变化，请刷新后重试',
    en: 'The set-up has changed or expired. Reload the page and try again.',
  },
  FACTOR_DEMANDED: {
    zh: '该单位要求您的角色使用两步验证：请在安全设置中添加，并用两步验证登录',
    en: 'That union demands a second factor of your role. Add one in the security settings and sign in with it.',
  },
  PASSWORD_REUSED: { zh: '这个密码最近用过，请换一个', en: 'This password was used before. Choose another.' },
  SIGN_IN_BUSY: {
    zh: '登录的人太多，请 {retry_after} 秒后再试',
    en: 'Too many people are signing in. Try again in {retry_after} seconds.',
  },
  POLICY_STALE: {
    zh: '安全策略已被他人修改，请刷新后再改',
    en: 'Somebody else has changed the policy. Reload it, then make your change.',
  },
  STEP_UP_REQUIRED: {
    zh: '这项操作需要先验证身份，请重试并完成验证',
    en: 'This needs a fresh proof that it is you. Try again and give it.',
  },

  CLIENT_NOT_FOUND: { zh: '没有这个应用，或者它已经停用', en: 'There is no such application, or it has ended.' },
  AUTHORIZATION_INVALID: {
    zh: '这次登录请求已失效，请回到应用重新登录',
    en: 'This request has expired or was answered. Go back to the application and sign in again.',
  },
  DUTY_CONFLICT: {
    zh: '系统、安全、审计三类管理员须由不同的人担任，且不能兼任业务角色',
    en: 'System, security and audit administrators are three persons, and none of them holds a role that does business.',
  },
  LAST_DUTY: {
    zh: '本单位实行三员分立，这是唯一担任该职责的人，请先安排接任者',
    en: 'The three administrators are kept apart and nobody else holds this duty. Appoint a successor first.',
  },
  HOLDER_NOT_FOUND: { zh: '本单位没有这个账号', en: 'Nobody of that kind has a place in this union.' },
  OWN_PLACE: {
    zh: '不能对自己的账号这样操作，请由另一位管理员办理',
    en: 'Nobody does this to the own account. Another administrator has to.',
  },
  MERGE_NOT_FOUND: { zh: '没有这项合并，或不由您办理', en: 'There is no such case, or it is not yours to decide.' },
  MERGE_REFUSED: {
    zh: '这两个账号不能合并：可能证件号码不同、会籍在不同工会、有两份档案，或手机号尚未验证',
    en: 'The two cannot be merged: different ID numbers, members of different unions, two files, or a phone not proved yet.',
  },
  MERGE_STATE: { zh: '这项合并已不在这一步，请刷新后再看', en: 'This case has moved on. Reload it.' },

  // org
  DEPT_NOT_FOUND: { zh: '部门不存在或已被删除', en: 'The department does not exist or was deleted.' },
  POST_NOT_FOUND: { zh: '岗位不存在或已被删除', en: 'The post does not exist or was deleted.' },
  OFFICER_NOT_FOUND: { zh: '干部不存在', en: 'The officer does not exist.' },
  APPOINTMENT_NOT_FOUND: { zh: '任职记录不存在', en: 'The appointment does not exist.' },
  DEPT_NOT_EMPTY: {
    zh: '部门下还有岗位或下级部门，请先移走或删除',
    en: 'The department still has posts or departments below it. Move or delete them first.',
  },
  POST_IN_USE: {
    zh: '岗位有任职记录，不能删除',
    en: 'The post has appointments in its history and cannot be deleted.',
  },
  DEPT_CYCLE: { zh: '上级部门不能是自己或自己的下级', en: 'A department cannot lie below itself.' },
  POST_FULL: { zh: '岗位编制已满', en: 'All places of this post are filled.' },
  APPOINTMENT_DUPLICATE: { zh: '该干部已担任此岗位', en: 'The officer holds this post already.' },
  DEPT_DUPLICATE: { zh: '同级已有同名部门', en: 'A department of this name stands beside it already.' },
  APPOINTMENT_DATES: {
    zh: '免职日期不能早于任职日期，或任职已经结束',
    en: 'The end lies before the start, or the appointment has ended already.',
  },
  OFFICER_DUPLICATE: { zh: '已有同一手机号的干部', en: 'An officer with this phone number exists already.' },
  ORG_STALE: {
    zh: '内容已被他人修改，请刷新后再改',
    en: 'Somebody else has changed this. Reload it, then make your change.',
  },

  // member
  MEMBER_NOT_FOUND: { zh: '会员不存在', en: 'The member does not exist.' },
  MEMBER_DUPLICATE: { zh: '本单位已有相同证件号的会员', en: 'A member of this union has the same ID number.' },
  MEMBER_STALE: {
    zh: '档案已被他人修改，请刷新后再改',
    en: 'Somebody else has changed this file. Reload it, then make your change.',
  },
  MEMBER_STATE: { zh: '会员当前状态不能这样操作', en: 'This cannot be done in the present state of the membership.' },
  REQUEST_NOT_FOUND: { zh: '修改申请不存在', en: 'The request does not exist.' },
  REQUEST_STATE: {
    zh: '该申请已处理或已撤回，请刷新查看',
    en: 'The request was decided or withdrawn already. Reload to see it.',
  },
  CLAIM_REFUSED: {
    zh: '没有找到相符的会员档案，请核对姓名和证件号码，或联系所在工会',
    en: 'No member file fits. Check the name and the number, or ask your union.',
  },
  CLAIM_PENDING: {
    zh: '认领申请已提交给您的工会，核对后会短信通知您',
    en: 'Your claim is with your union. You will get a text message when it is decided.',
  },
  CLAIM_DECLINED: {
    zh: '您的工会没有同意这次认领，可联系工会核对后再次申请',
    en: 'Your union has refused this claim. Ask your union, then claim again.',
  },
  MEMBER_ELSEWHERE: {
    zh: '此人已是其他工会的会员，一人只能有一个会籍；请先由原工会办理退会或转出',
    en: 'This person is a member of another union. Nobody can be on two rolls: the other union has to end the membership first.',
  },
  IMPORT_NOT_FOUND: { zh: '没有这次导入，可能已被清除', en: 'This import does not exist or was cleared away.' },
  IMPORT_STATE: {
    zh: '这次导入已进入下一步，请刷新后查看',
    en: 'This import has moved on to another step. Reload the page to see it.',
  },
  IMPORT_FILE: {
    zh: '文件读不出来：请用 xlsx 或 csv 格式，另存一份后重新上传',
    en: 'The file cannot be read. Save it as xlsx or csv and upload it again.',
  },
  IMPORT_COLUMNS: {
    zh: '列的对应关系有误：姓名和证件号码必须对应，同一项不能对应两列',
    en: 'The columns are not matched: name and ID number are needed, and no field can stand for two columns.',
  },
  MEMBER_DEPT: {
    zh: '请从列表中选择您有权管理的部门',
    en: 'Choose a department of the list, one that your right reaches.',
  },
  DUPLICATE_NOT_FOUND: { zh: '这条重复记录已经处理', en: 'This duplicate was dealt with already.' },

  // directory
  BODY_NOT_FOUND: { zh: '工会组织不存在', en: 'The union body does not exist.' },
  BODY_CODE_TAKEN: { zh: '编码已被占用', en: 'Another union body has this code.' },
  BODY_CYCLE: { zh: '新的上级不能是自己的下级', en: 'The new parent lies below the body itself.' },
  BODY_SECOND_PARENT: { zh: '在这条领导关系上已有上级', en: 'The body already has a parent on this line.' },
  CREDIT_CODE_INVALID: {
    zh: '统一社会信用代码校验不通过，请核对',
    en: 'The credit code fails its check digit. Compare it with the certificate.',
  },
  MODULE_NOT_FOUND: { zh: '功能模块不存在', en: 'The module does not exist.' },
  MODULE_LOCKED: { zh: '基础功能不能关闭', en: 'Core modules cannot be switched off.' },
  MODULE_OFF: {
    zh: '本单位尚未启用此功能，可请管理员在设置中启用',
    en: 'This module is off in your union. An administrator can switch it on in the settings.',
  },
  BODY_ACTIVATING: { zh: '正在为本单位准备空间，请稍候片刻', en: 'This union is being made ready. Try again shortly.' },

  // access
  ROLE_NOT_FOUND: { zh: '角色不存在或已被删除', en: 'The role does not exist or was deleted.' },
  ROLE_CODE_TAKEN: {
    zh: '本会已有这个标识的角色，请换一个',
    en: 'A role of this union has this code. Choose another.',
  },
  ROLE_NOT_OWN: {
    zh: '只能修改本会自己的角色；内置角色和上级模板可以复制后再改',
    en: 'Only roles of this union are changed here. Copy a built-in one or a template first.',
  },
  ROLE_CYCLE: {
    zh: '角色不能继承自己或继承自己的角色',
    en: 'A role cannot inherit from itself, over however many steps.',
  },
  ROLE_IN_USE: {
    zh: '角色授予过他人或被其他角色继承，不能删除',
    en: 'The role was granted, or other roles inherit from it. It cannot be deleted.',
  },
  TEMPLATE_LOCKED: {
    zh: '上级已锁定这个模板，不能复制、修改或禁止其中的权限',
    en: 'The union above has locked this template: it cannot be copied, changed or denied.',
  },
  GRANT_NOT_FOUND: { zh: '没有这项授权', en: 'There is no such grant.' },
  GRANT_BEYOND: {
    zh: '超出您可以授予的范围，请缩小后再试',
    en: 'This goes beyond what you hold to give. Make it less, then try again.',
  },
  GRANT_ENDED: { zh: '这项授权已经结束', en: 'The grant has ended already.' },
  GRANT_DUTY: {
    zh: '三员的职责不能授予他人，担任三员的人也不能兼有其他权限',
    en: 'The duties of the three administrators are not granted, and who has one is granted nothing else.',
  },
  SUBJECT_NOT_FOUND: {
    zh: '本会没有这个人员、岗位或群组，请从列表中选择',
    en: 'This union has no such person, post or group. Choose one from the list.',
  },
  GROUP_NOT_FOUND: { zh: '群组不存在或已被删除', en: 'The group does not exist or was deleted.' },
  SET_NOT_FOUND: { zh: '组织集合不存在或已被删除', en: 'The set does not exist or was deleted.' },
  IN_USE: { zh: '有授权正在使用，请先收回授权', en: 'Running grants use it. End them first.' },
  NAME_TAKEN: { zh: '已有同名的，请换一个名称', en: 'The name is taken. Choose another.' },
  SEPARATION_REFUSED: {
    zh: '启用前三项职责都须有专人担任；停用只能由安全管理员操作',
    en: 'Each duty needs a person before it is switched on; only the security administrator switches it off.',
  },
  ACCESS_STALE: {
    zh: '内容已被他人修改，请刷新后再改',
    en: 'Somebody else has changed this. Reload it, then make your change.',
  },

  // menu
  MENU_LOCKED: {
    zh: '上级已锁定此项，本级不能修改',
    en: 'A union above holds this fast; it cannot be changed here.',
  },
  MENU_STALE: {
    zh: '设置已被他人修改，请刷新后再改',
    en: 'Somebody else has changed the settings. Reload them, then make your change.',
  },
  MENU_VERSION_NOT_FOUND: {
    zh: '没有这个版本，可能已被清除',
    en: 'There is no such version; it may have been cleared away.',
  },
  MENU_EMPTY: {
    zh: '本级还没有自己的设置，先调整再下发',
    en: 'Nothing of your own is set here yet. Arrange something first.',
  },

  // supervise
  SUPERVISION_NOT_FOUND: { zh: '没有这个申请', en: 'There is no such request.' },
  SUPERVISION_STATE: {
    zh: '申请已处理、已撤回或已过期，请刷新查看',
    en: 'The request was decided, taken back or has lapsed. Reload to see.',
  },
  SUPERVISION_OPEN: {
    zh: '您对该工会已有一个待批或进行中的同类申请',
    en: 'You have such a request to this union already, waiting or running.',
  },
  SUPERVISION_NOT_ACTIVE: {
    zh: '该工会尚未启用平台，没有可查看的内容',
    en: 'This union does not use the platform yet. There is nothing to see.',
  },
  SUPERVISION_SELF: {
    zh: '不能审批自己的申请，请由其他管理员审批',
    en: 'You cannot approve what you asked for yourself.',
  },
  SUPERVISION_VOID: {
    zh: '申请人已离任，或本工会已不在其下级，无法同意',
    en: 'Who asked has left, or your union does not lie below theirs any more.',
  },
  SUPERVISION_OVER: {
    zh: '授权已到期或已被终止，可重新申请',
    en: 'The time that was granted is over or was ended. Ask again.',
  },
  RULE_NOT_FOUND: { zh: '没有这条规则', en: 'There is no such rule.' },
  RULE_DUPLICATE: { zh: '已有同一目的的规则', en: 'There is a rule for this purpose already.' },

  // branding
  LOGO_INVALID: { zh: '请先上传标志', en: 'Add the logo first.' },
  BRANDING_FIXED: {
    zh: '此项由上级统一设置，本级不能修改',
    en: 'A union above sets this for all below; it cannot be changed here.',
  },
  BRANDING_STALE: { zh: '设置已被他人修改，请刷新后再改', en: 'Somebody else has changed the design; load it again.' },
  BRANDING_VERSION_NOT_FOUND: {
    zh: '没有这个版本，可能已被清除',
    en: 'There is no such version; it may have been cleared away.',
  },
  BRANDING_SOURCE_NOT_FOUND: {
    zh: '没有找到这个工会，或您不能使用它的设计',
    en: 'There is no such union, or its design is not yours to use.',
  },
  SLUG_TAKEN: {
    zh: '已有工会使用相同或相像的名字，请换一个',
    en: 'A union has this name, or one like it; choose another.',
  },
  DOMAIN_TAKEN: {
    zh: '另一个工会正在使用这个域名，并且仍能证明归其所有',
    en: 'Another union uses this domain and can still prove that it is its own.',
  },
  DOMAIN_NOT_FOUND: { zh: '没有添加过这个域名', en: 'The union has no such domain.' },
  DOMAIN_TWICE: { zh: '已经添加过这个域名', en: 'The union has this domain already.' },
  DOMAINS_FULL: { zh: '域名已经添加到上限，请先移除不用的', en: 'No more domains can be added; remove one first.' },
  DOMAIN_UNPROVED: {
    zh: '还没有查到验证记录，请稍后再试',
    en: 'The proof is not there yet; try again later.',
  },
  BRANDING_EMPTY: { zh: '没有改动，无需发布', en: 'Nothing has changed; there is nothing to publish.' },

  // tenant.audit.v1
  ACT_NOT_FOUND: { zh: '没有这条审计记录', en: 'There is no such record in the audit trail.' },
  CHECK_NOT_FOUND: { zh: '没有这次校验', en: 'There is no such check.' },
  HEAD_INVALID: {
    zh: '这不是本系统给出的摘要，请完整粘贴',
    en: 'This is no head that the system gave. Paste all of it.',
  },
};
