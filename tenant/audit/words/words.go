// Package words says in both languages what was done, and to what. Every act that the code records stands here: a test looks.
package words

import (
	"slices"
	"strings"
)

// Word is the name of an act or of a kind of objects, and its wording.
type Word struct{ Name, Zh, En string }

// acts by the name under which they are recorded.
var acts = index([]Word{
	{"access.grant", "授予权限", "Granted a right"},
	{"access.group_add", "向群组添加成员", "Added somebody to a group"},
	{"access.group_create", "新建群组", "Created a group"},
	{"access.group_delete", "删除群组", "Deleted a group"},
	{"access.group_remove", "从群组移除成员", "Removed somebody from a group"},
	{"access.group_update", "修改群组", "Changed a group"},
	{"access.join", "合并三员职责", "Let the three administrators be one again"},
	{"access.revoke", "收回权限", "Took back a right"},
	{"access.role_copy", "复制角色", "Copied a role"},
	{"access.role_create", "新建角色", "Created a role"},
	{"access.role_delete", "删除角色", "Deleted a role"},
	{"access.role_publish", "发布角色模板", "Published a role to bodies below"},
	{"access.role_update", "修改角色", "Changed a role"},
	{"access.separate", "启用三员分立", "Set the three administrators apart"},
	{"access.set_create", "新建组织集合", "Created a set of bodies"},
	{"access.set_delete", "删除组织集合", "Deleted a set of bodies"},
	{"access.set_update", "修改组织集合", "Changed a set of bodies"},
	{"account.close", "注销账号", "Closed the account"},
	{"account.closing", "申请注销账号", "Asked for the account to be closed"},
	{"account.export", "导出本人账号资料", "Exported one's own account data"},
	{"account.keep", "撤销账号注销申请", "Kept the account after all"},
	{"app.build", "生成应用", "Had the app built"},
	{"app.cancel", "取消应用生成", "Cancelled a build of the app"},
	{"app.found", "确定应用包名", "Settled the id of the app"},
	{"app.key", "配发应用签名密钥", "Gave the app its signing key"},
	{"app.key_export", "导出应用签名密钥", "Exported the signing key of the app"},
	{"app.publish", "发布应用", "Published the app"},
	{"app.rebuild", "统一重新生成下级应用", "Had the apps below built anew"},
	{"app.rebuild_cancel", "取消统一重新生成", "Cancelled a rebuild of the apps below"},
	{"app.roll_back", "安排正在生成的应用在完成后回退发布", "Had a build under way published when it is done, to roll the app back"},
	{"app.release_end", "结束应用发布", "Ended a release of the app"},
	{"app.update", "修改应用资料", "Changed what is said of the app"},
	{"app.share", "扩大应用发布范围", "Widened a release of the app"},
	{"audit.adopt", "补封审计记录", "Sealed records that had no seal"},
	{"audit.archive", "归档审计记录", "Archived audit records"},
	{"audit.export", "导出审计记录", "Exported audit records"},
	{"audit.policy", "设定审计记录保存期限", "Set how long audit records are kept"},
	{"audit.restore", "从备份恢复数据", "Restored data from a backup"},
	{"audit.search", "查询审计记录", "Searched the audit trail"},
	{"audit.shortened", "发现审计记录变短", "Found the audit trail shortened"},
	{"audit.tampered", "发现审计记录异常", "Found the audit trail tampered with"},
	{"audit.verify", "校验审计记录", "Started a check of the audit trail"},
	{"audit.view", "查看审计记录详情", "Opened an audit record"},
	{"branding.discard", "放弃应用设计草稿", "Discarded the draft of the app's design"},
	{"branding.draft", "保存应用设计草稿", "Saved a draft of the app's design"},
	{"branding.copy", "从其他工会复制应用设计", "Copied the app's design of another body"},
	{"branding.export", "导出应用设计", "Exported the app's design"},
	{"branding.import", "导入应用设计", "Imported a design of the app"},
	{"branding.logo", "上传标志", "Added a logo"},
	{"branding.preview", "生成应用预览链接", "Made a link to the app's preview"},
	{"branding.publish", "发布应用设计", "Published the app's design"},
	{"branding.restore", "恢复应用设计版本", "Went back to an earlier design of the app"},
	{"consent.give", "同意服务条款", "Agreed to the terms"},
	{"consent.withdraw", "撤回对服务条款的同意", "Withdrew the consent to the terms"},
	{"directory.create", "成立工会组织", "Founded a union body"},
	{"directory.module.off", "停用应用", "Switched a module off"},
	{"directory.module.on", "启用应用", "Switched a module on"},
	{"directory.move", "变更上级工会", "Moved a body to another parent"},
	{"factor.reset", "重置他人的两步验证", "Reset somebody's second factor"},
	{"factors.reset", "移除账号的全部两步验证", "Removed every second factor of an account"},
	{"host.add", "添加自有域名", "Added a domain of its own"},
	{"host.lapse", "自有域名的验证失效", "The proof of a domain was not found"},
	{"host.remove", "移除自有域名", "Removed a domain"},
	{"host.slug", "设置网址前缀", "Set the name of the host"},
	{"host.verify", "验证自有域名", "Looked for the proof of a domain"},
	{"identity.enrol", "登记人员身份", "Enrolled a person"},
	{"invitation.accept", "接受邀请", "Accepted an invitation"},
	{"invitation.create", "发出邀请", "Sent an invitation"},
	{"invitation.revoke", "撤回邀请", "Withdrew an invitation"},
	{"member.check", "核对人员会籍", "Checked a person's membership"},
	{"member.claim", "申请认领会员档案", "Claimed a member's file"},
	{"member.create", "发展会员", "Admitted a member"},
	{"member.duplicate", "发现重复会籍", "Found a duplicate membership"},
	{"member.duplicate.dismiss", "排除重复会籍", "Dismissed a duplicate"},
	{"member.end", "终止会籍", "Ended a membership"},
	{"member.export", "导出会员名册", "Exported members"},
	{"member.export_own", "导出本人档案", "Exported one's own file"},
	{"member.import", "导入会员", "Imported members"},
	{"member.import.cancel", "取消导入", "Cancelled an import"},
	{"member.import.commit", "确认导入", "Confirmed an import"},
	{"member.import.corrections", "下载导入更正表", "Downloaded corrections of an import"},
	{"member.import.map", "核对导入列", "Set the columns of an import"},
	{"member.import.upload", "上传会员名册", "Uploaded a roster"},
	{"member.invite", "邀请会员登录", "Invited a member to sign in"},
	{"member.request", "申请变更档案", "Asked to change one's file"},
	{"member.request.approved", "同意变更申请", "Approved a change request"},
	{"member.request.refused", "退回变更申请", "Refused a change request"},
	{"member.request.withdrawn", "撤回变更申请", "Withdrew a change request"},
	{"member.restore", "恢复会籍", "Restored a membership"},
	{"member.reveal", "查看完整证件号与手机号", "Saw ID number and phone in full"},
	{"member.seed", "生成示例会员", "Generated demo members"},
	{"member.supervised", "上级查看会员明细", "Members were looked at from above"},
	{"member.update", "修改会员档案", "Changed a member's file"},
	{"member.verify", "验证会员卡", "Verified a member card"},
	{"menu.publish", "向下级发布菜单", "Published a menu to bodies below"},
	{"menu.reset", "恢复默认菜单", "Put a menu back to its default"},
	{"menu.restore", "恢复菜单的旧版本", "Put an earlier menu back"},
	{"menu.set", "修改菜单", "Changed a menu"},
	{"menu.withdraw", "撤回已发布的菜单", "Withdrew a published menu"},
	{"merge.ask", "申请合并重复人员", "Asked to merge persons"},
	{"merge.done", "合并重复人员", "Merged persons"},
	{"merge.drop", "放弃合并重复人员", "Dropped a merging of persons"},
	{"merge.prove", "确认合并重复人员", "Confirmed a merging of persons"},
	{"merge.undo", "撤销人员合并", "Undid a merging of persons"},
	{"oidc.allow", "同意应用访问", "Allowed an application"},
	{"oidc.app_token", "应用取得接口令牌", "An application took a token of its own"},
	{"oidc.client_create", "登记应用", "Registered an application"},
	{"oidc.client_end", "停用已登记的应用", "Ended an application"},
	{"oidc.client_secret", "更换应用密钥", "Renewed an application's secret"},
	{"oidc.client_update", "修改应用登记", "Changed an application"},
	{"oidc.code_again", "应用重复使用授权码", "An application used a code twice"},
	{"oidc.key_make", "启用签名密钥", "Took a signing key into use"},
	{"oidc.refresh_again", "应用重复使用刷新令牌", "An application used a refresh token twice"},
	{"oidc.refuse", "拒绝应用访问", "Refused an application"},
	{"oidc.revoke", "收回应用访问", "Took back access of an application"},
	{"oidc.sign_in", "通过应用登录", "Signed in to an application"},
	{"oidc.token_revoke", "应用注销令牌", "An application revoked a token"},
	{"org.appoint", "任命职务", "Appointed an officer"},
	{"org.appointment_end", "免去职务", "Ended an appointment"},
	{"org.dept_create", "新建部门", "Created a department"},
	{"org.dept_delete", "删除部门", "Deleted a department"},
	{"org.dept_update", "修改部门", "Changed a department"},
	{"org.hand_over", "交接职务", "Handed a post over"},
	{"org.officer_create", "登记干部", "Added an officer"},
	{"org.officer_invite", "邀请干部登录", "Invited an officer to sign in"},
	{"org.officer_update", "修改干部信息", "Changed an officer"},
	{"org.post_create", "新建岗位", "Created a post"},
	{"org.post_delete", "删除岗位", "Deleted a post"},
	{"org.post_update", "修改岗位", "Changed a post"},
	{"org.profile", "修改组织资料", "Changed the body's profile"},
	{"passkey.add", "添加通行密钥", "Added a passkey"},
	{"passkey.remove", "移除通行密钥", "Removed a passkey"},
	{"passkey.rename", "重命名通行密钥", "Renamed a passkey"},
	{"password.change", "修改密码", "Changed the password"},
	{"password.clear", "清除旧密码", "Cleared an old password"},
	{"password.reset", "重置密码", "Reset the password"},
	{"place.end", "结束身份", "Ended an identity"},
	{"place.end_sessions", "强制下线", "Signed a person out everywhere"},
	{"place.lock", "锁定账号", "Locked an account"},
	{"place.take", "认领会员身份", "Claimed a member identity"},
	{"place.unlock", "解锁账号", "Unlocked an account"},
	{"recovery_code.renew", "更换恢复码", "Renewed recovery codes"},
	{"recovery_code.use", "使用恢复码", "Used a recovery code"},
	{"refused", "操作被拒绝", "Was refused"},
	{"security_policy.update", "修改安全策略", "Changed the security policy"},
	{"session.end", "退出登录", "Signed out"},
	{"session.handoff", "切换身份", "Switched identity"},
	{"session.open", "登录", "Signed in"},
	{"session.prove", "二次验证身份", "Proved identity again"},
	{"supervise.approve", "同意查看或协助申请", "Approved a look from above"},
	{"supervise.ask", "申请查看或协助", "Asked for a look into a body"},
	{"supervise.end", "结束查看或协助", "Ended a look from above"},
	{"supervise.enter", "进入下级工会协助", "Entered a body below to help"},
	{"supervise.read", "查看下级明细", "Looked at details of a body below"},
	{"supervise.refuse", "拒绝查看或协助申请", "Refused a look from above"},
	{"supervise.rule.create", "新增查看与协助规则", "Made a rule for looks from above"},
	{"supervise.rule.delete", "删除查看与协助规则", "Removed a rule for looks from above"},
	{"supervise.withdraw", "撤回查看或协助申请", "Withdrew a request to look"},
	{"totp.add", "启用动态口令", "Set up one-time codes"},
	{"totp.remove", "停用动态口令", "Removed one-time codes"},
})

// kinds of objects.
var kinds = index([]Word{
	{"account", "账号", "Account"},
	{"act", "审计记录", "Audit record"},
	{"appointment", "任职", "Appointment"},
	{"body", "工会组织", "Union body"},
	{"body_set", "组织集合", "Set of bodies"},
	{"app", "应用", "App"},
	{"app_build", "应用生成", "Build of the app"},
	{"app_key", "应用签名密钥", "Signing key of the app"},
	{"app_rebuild", "统一生成", "Rebuild of apps"},
	{"app_release", "应用发布", "Release of the app"},
	{"branding", "应用设计", "Design of the app"},
	{"host", "网址与域名", "Names of the host"},
	{"capability", "权限", "Right"},
	{"dept", "部门", "Department"},
	{"duplicate", "重复会籍", "Duplicate"},
	{"grant", "授权", "Grant"},
	{"group", "群组", "Group"},
	{"identity", "身份", "Identity"},
	{"import", "导入", "Import"},
	{"invitation", "邀请", "Invitation"},
	{"member", "会员", "Member"},
	{"menu", "菜单", "Menu"},
	{"module", "应用", "Module"},
	{"oidc_client", "接入应用", "Application"},
	{"oidc_key", "签名密钥", "Signing key"},
	{"officer", "干部", "Officer"},
	{"passkey", "通行密钥", "Passkey"},
	{"person", "人员", "Person"},
	{"person_merge", "人员合并", "Merging of persons"},
	{"post", "岗位", "Post"},
	{"profile", "组织资料", "Profile"},
	{"request", "变更申请", "Change request"},
	{"role", "角色", "Role"},
	{"route", "操作", "Operation"},
	{"security_policy", "安全策略", "Security policy"},
	{"session", "登录", "Session"},
	{"supervision", "查看与协助", "Look from above"},
	{"supervision_rule", "查看与协助规则", "Rule for looks"},
	{"theme", "外观", "Appearance"},
	{"trail", "审计记录", "Audit trail"},
})

func index(all []Word) map[string]Word {
	m := make(map[string]Word, len(all))
	for _, w := range all {
		if _, twice := m[w.Name]; twice {
			panic("words: " + w.Name + " stands twice")
		}
		m[w.Name] = w
	}
	return m
}

// Act is the wording of an act; one that has none, of another release, is called by its name.
func Act(name string) Word { return find(acts, name) }

// Kind is the wording of a kind of objects.
func Kind(name string) Word { return find(kinds, name) }

func find(all map[string]Word, name string) Word {
	if w, ok := all[name]; ok {
		return w
	}
	return Word{name, name, name}
}

// Acts are all acts, by name.
func Acts() []Word { return sorted(acts) }

// Kinds are all kinds, by name.
func Kinds() []Word { return sorted(kinds) }

func sorted(all map[string]Word) []Word {
	out := make([]Word, 0, len(all))
	for _, w := range all {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b Word) int { return strings.Compare(a.Name, b.Name) })
	return out
}
