package access

import (
	"net/http"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/kit/fault"
	accessv1 "gonghui/tenant/access/v1"
)

var (
	errNoRole      = fault.New(http.StatusNotFound, accessv1.Reason_ROLE_NOT_FOUND, "没有这个角色", "there is no such role")
	errCodeTaken   = fault.Of(http.StatusConflict, accessv1.Reason_ROLE_CODE_TAKEN, "code", "本工会已有这个编码的角色，请换一个", "the body has a role of this code already; choose another")
	errNotOwn      = fault.New(http.StatusConflict, accessv1.Reason_ROLE_NOT_OWN, "只能修改本工会自己的角色；内置角色和上级模板可以复制后再改", "only the body's own roles are changed here; copy a built-in one or a template first")
	errRoleCycle   = fault.Of(http.StatusConflict, accessv1.Reason_ROLE_CYCLE, "parentId", "角色不能继承自己或继承自己的下级角色", "a role cannot inherit from itself")
	errRoleInUse   = fault.New(http.StatusConflict, accessv1.Reason_ROLE_IN_USE, "角色授予过他人或被其他角色继承，不能删除", "the role has been granted, or others inherit from it; it cannot be deleted")
	errEmptyRole   = fault.Field("roleId", "这个角色没有任何权限，请先为它设置权限", "the role holds nothing; give it capabilities first")
	errNoGrant     = fault.New(http.StatusNotFound, accessv1.Reason_GRANT_NOT_FOUND, "没有这项授权", "there is no such grant")
	errGrantEnded  = fault.New(http.StatusConflict, accessv1.Reason_GRANT_ENDED, "这项授权已经结束", "the grant has ended already")
	errNoSubject   = fault.Of(http.StatusNotFound, accessv1.Reason_SUBJECT_NOT_FOUND, "subject.id", "本工会没有这个授权对象，请从列表中选择", "the body has no such person, post or group; choose one of the list")
	errNoGroup     = fault.New(http.StatusNotFound, accessv1.Reason_GROUP_NOT_FOUND, "没有这个群组", "there is no such group")
	errNoSet       = fault.New(http.StatusNotFound, accessv1.Reason_SET_NOT_FOUND, "没有这个组织集合", "there is no such set of bodies")
	errInUse       = fault.New(http.StatusConflict, accessv1.Reason_IN_USE, "有授权正在使用，请先收回授权", "grants use it; end them first")
	errNameTaken   = fault.Of(http.StatusConflict, accessv1.Reason_NAME_TAKEN, "name", "已有同名的，请换一个名称", "the name is taken; choose another")
	errStale       = fault.New(http.StatusConflict, accessv1.Reason_ACCESS_STALE, "内容已被他人修改，请刷新后再改", "somebody else has changed this; reload it, then make your change")
	errDutyVacant  = fault.Of(http.StatusConflict, accessv1.Reason_SEPARATION_REFUSED, "separated", "系统、安全、审计三类管理员须各有专人，请先设置齐全", "each of the three duties needs a person of its own; appoint them first")
	errNotSecurity = fault.Of(http.StatusForbidden, accessv1.Reason_SEPARATION_REFUSED, "separated", "三员分立只能由安全管理员停用", "only the security administrator switches the separation off")
)

// locked refuses what a locked template forbids.
func locked(field string) error {
	return fault.Of(http.StatusConflict, accessv1.Reason_TEMPLATE_LOCKED, field,
		"上级已锁定这个角色模板，下级不能复制、修改或禁止其中的权限", "the body above has locked this template: it cannot be copied, changed or denied below")
}

// beyond refuses to give more than one has.
func beyond(field, capability string) *kerrors.Error {
	e := fault.Of(http.StatusForbidden, accessv1.Reason_GRANT_BEYOND, field,
		"超出您可以授予的范围，请缩小后再试", "this goes beyond what you hold to give; make it less")
	e.Metadata["capability"] = capability
	return e
}

// duty refuses to mix the duties of the three administrators with anything else.
func duty(field string) error {
	return fault.Of(http.StatusConflict, accessv1.Reason_GRANT_DUTY, field,
		"三类管理员的职责不能授予他人，也不能兼有其他权限", "the duties of the three administrators are not granted to others, and who has one is granted nothing else")
}
