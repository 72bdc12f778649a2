package org

import (
	"errors"
	"net/http"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/fault"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

var (
	errNoDept         = fault.New(http.StatusNotFound, orgv1.Reason_DEPT_NOT_FOUND, "部门不存在或已被删除", "the department does not exist or was deleted")
	errNoPost         = fault.New(http.StatusNotFound, orgv1.Reason_POST_NOT_FOUND, "岗位不存在或已被删除", "the post does not exist or was deleted")
	errNoOfficer      = fault.New(http.StatusNotFound, orgv1.Reason_OFFICER_NOT_FOUND, "干部不存在", "the officer does not exist")
	errNoAppointment  = fault.New(http.StatusNotFound, orgv1.Reason_APPOINTMENT_NOT_FOUND, "任职记录不存在", "the appointment does not exist")
	errDeptNotEmpty   = fault.New(http.StatusConflict, orgv1.Reason_DEPT_NOT_EMPTY, "部门下还有岗位或下级部门，请先移走或删除", "the department still has posts or departments below it; move or delete them first")
	errDeptCycle      = fault.Of(http.StatusConflict, orgv1.Reason_DEPT_CYCLE, "parentId", "上级部门不能是自己或自己的下级", "a department cannot lie below itself")
	errDeptDuplicate  = fault.Of(http.StatusConflict, orgv1.Reason_DEPT_DUPLICATE, "name", "同级已有同名部门", "a department of this name stands beside it already")
	errPostInUse      = fault.New(http.StatusConflict, orgv1.Reason_POST_IN_USE, "岗位有任职记录，不能删除", "the post has appointments in its history and cannot be deleted")
	errPostFull       = fault.Of(http.StatusConflict, orgv1.Reason_POST_FULL, "postId", "岗位编制已满", "all places of this post are filled")
	errOfficerTwice   = fault.Of(http.StatusConflict, orgv1.Reason_OFFICER_DUPLICATE, "phone", "已有同一手机号的干部", "an officer with this phone number exists already")
	errAppointedTwice = fault.Of(http.StatusConflict, orgv1.Reason_APPOINTMENT_DUPLICATE, "postId", "该干部已担任此岗位", "the officer holds this post already")
	errEndBeforeStart = fault.Of(http.StatusBadRequest, orgv1.Reason_APPOINTMENT_DATES, "endOn", "免职日期不能早于任职日期", "the end lies before the start")
	errAlreadyEnded   = fault.New(http.StatusConflict, orgv1.Reason_APPOINTMENT_DATES, "任职已经结束", "the appointment has ended already")
	errStale          = fault.New(http.StatusConflict, orgv1.Reason_ORG_STALE, "内容已被他人修改，请刷新后再改", "somebody else has changed this; reload it, then make your change")
	errHandOverEarly  = fault.Of(http.StatusBadRequest, orgv1.Reason_APPOINTMENT_DATES, "on", "交接日期不能早于任职日期", "the hand-over lies before the start of the appointment")
	errHandOverSelf   = fault.Of(http.StatusConflict, orgv1.Reason_APPOINTMENT_DUPLICATE, "officerId", "接任者就是现任，请另选干部", "the officer holds this post already; choose another")
	errInviteLeft     = fault.Field("id", "该干部已离任，请先恢复在岗", "the officer has left; put them back to work first")
	errOfficerHasLeft = fault.Field("officerId", "该干部已离任，请先恢复在岗", "the officer has left; put them back to work first")
)

// orNot turns the absence of a row into the error that names it.
func orNot(err error, absent *kerrors.Error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return absent
	}
	return err
}

// named gives the violation of a constraint its name.
func named(err error, constraint string, name *kerrors.Error) error {
	if tenant.Violated(err, constraint) {
		return name
	}
	return err
}
