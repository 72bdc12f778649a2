package meeting

import (
	"errors"
	"net/http"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/fault"
	meetingv1 "gonghui/media/meeting/v1"
)

var (
	errNoMeeting = fault.New(http.StatusNotFound, meetingv1.Reason_MEETING_NOT_FOUND, "没有这个会议，或您不在邀请之列", "there is no such meeting, or it is not for you")
	errStale     = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_STALE, "会议已被他人修改，请刷新后再改", "somebody else has changed the meeting; reload it, then make your change")
	errOver      = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_OVER, "会议已结束或已取消", "the meeting is over or was called off")
	errNotOpen   = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_NOT_OPEN, "主持人还没有开始会议", "the host has not begun the meeting yet")
	errLocked    = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_LOCKED, "会议已锁定，不再接受新的参会人", "the meeting is locked: nobody new comes in")
	errPassword  = fault.Of(http.StatusForbidden, meetingv1.Reason_MEETING_PASSWORD, "password", "会议密码不对", "the password is not right")
	errRefused   = fault.New(http.StatusForbidden, meetingv1.Reason_MEETING_REFUSED, "主持人没有同意您进入，请稍后再试", "the host has not let you in; try again later")
	errNotHost   = fault.New(http.StatusForbidden, meetingv1.Reason_MEETING_NOT_HOST, "只有会议的召集人可以这样做", "only who holds the meeting may do this")
	errTries     = fault.New(http.StatusTooManyRequests, meetingv1.Reason_MEETING_TRIES, "尝试次数过多，请十分钟后再试", "too many tries; wait ten minutes")
	errPass      = fault.Of(http.StatusForbidden, meetingv1.Reason_MEETING_PASS, "pass", "入会凭证已失效，请从本单位页面重新进入", "the pass has run out; start again from your own union's page")
	errState     = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_STATE, "会议当前的状态不能这样操作，请刷新后重试", "the meeting is in another state by now; reload the page")
	errSignIn    = fault.New(http.StatusForbidden, meetingv1.Reason_MEETING_SIGN_IN, "会议不对访客开放，请先登录", "the meeting is not open to guests; sign in first")
	errMedia     = fault.New(http.StatusServiceUnavailable, meetingv1.Reason_MEETING_MEDIA, "音视频服务暂时不可用，请稍后再试", "sound and pictures are not to be had just now; try again later")
	errRival     = fault.New(http.StatusServiceUnavailable, meetingv1.Reason_MEETING_MEDIA, "会议服务的部署有误，暂时不能开会，请联系系统管理员", "the meeting service is not set up right, so meetings cannot be held; tell who runs the system")
	errNoBox     = fault.New(http.StatusServiceUnavailable, meetingv1.Reason_MEETING_MEDIA, "投票箱暂时不可用，页面会自动重新投递", "the ballot box is not to be had just now; the page casts again by itself")
	errFull      = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_FULL, "参会人数已达上限", "as many came as may")
	errBallot    = fault.New(http.StatusConflict, meetingv1.Reason_MEETING_BALLOT, "还有无记名表决没有开票，请先完成或作废", "a secret ballot is not counted yet: finish it, or declare it void")
	errCode      = fault.Of(http.StatusConflict, meetingv1.Reason_MEETING_CODE, "code", "签到码已更换或签到已结束，请重新扫码", "the code has changed, or the sign-in is over; scan it again")
	errSpent     = fault.Of(http.StatusConflict, meetingv1.Reason_MEETING_BALLOT, "token", "这张选票已投，不能改投", "this ballot was cast; it cannot be changed")
	errOrigin    = fault.New(http.StatusForbidden, meetingv1.Reason_MEETING_ORIGIN, "请从本工会的会议页面进入会议", "come in from this union's own meeting page")
	errSocket    = fault.New(http.StatusUpgradeRequired, meetingv1.Reason_MEETING_SOCKET, "这个地址只接受 WebSocket 连接", "this address takes WebSocket connections alone")
	errInvitee   = fault.Field("plan.invitees", "邀请名单里有不在本工会的人", "somebody invited has no place in this union")
	errTwice     = fault.Field("plan.invitees", "同一人只能邀请一次", "somebody is invited twice")
	errEarlier   = fault.Field("plan.startsAt", "开始时间已过，请另选时间", "this time has passed; choose another")
	errLater     = fault.Field("plan.startsAt", "最多提前两年预约", "meetings are planned two years ahead at most")
	errName      = fault.Field("name", "请填写您的姓名", "say your name")
	errNoText    = fault.Field("text", "请填写会议纪要", "write the minutes first")
	errNoMinutes = fault.New(http.StatusNotFound, meetingv1.Reason_MEETING_NOT_FOUND, "这个会议还没有纪要", "there are no minutes of this meeting yet")
	errNoModule  = fault.Plain(http.StatusNotFound, "MODULE_OFF", "本工会没有开通这个应用", "this module is off in this body")
)

// orNot turns the absence of a row into the error that names it.
func orNot(err error, absent *kerrors.Error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return absent
	}
	return err
}
