// Package sms brings text messages to phones: by a gateway over HTTP, or into the inbox of a demo system.
package sms

import (
	"context"
	"errors"
	"strings"
)

// Provider delivers text messages. Send returns when the message is in the hands of who delivers it; an error means that it
// may not arrive.
type Provider interface {
	Send(ctx context.Context, phone, template string, params map[string]string) error
}

// ErrNone is what sending comes to where no provider is set up.
var ErrNone = errors.New("sms: no provider is set up: GONGHUI_SMS names the gateway")

// None is the provider of a system that has none.
type None struct{}

// Send refuses.
func (None) Send(context.Context, string, string, map[string]string) error { return ErrNone }

// Templates that the product uses; a gateway maps them to its approved wordings.
const (
	SignIn     = "sign_in"
	Reset      = "reset"
	Close      = "close"
	Invitation = "invitation"
	Merge      = "merge"
	Factor     = "factor"
	StepUp     = "step_up"

	ClaimApproved = "claim_approved"
	ClaimRefused  = "claim_refused"

	MeetingReminder = "meeting_reminder"
)

type text struct{ zh, en string }

// wordings fill {name} with the parameter of that name.
var wordings = map[string]text{
	SignIn:     {"【工会】登录验证码 {code}，{minutes} 分钟内有效。请勿告诉他人。", "[Gonghui] {code} is your sign-in code, good for {minutes} minutes. Tell it to nobody."},
	Reset:      {"【工会】重设密码的验证码 {code}，{minutes} 分钟内有效。如非本人操作请忽略。", "[Gonghui] {code} is your code to set a new password, good for {minutes} minutes. If you did not ask for it, ignore it."},
	Close:      {"【工会】注销账号的验证码 {code}，{minutes} 分钟内有效。注销后无法恢复。", "[Gonghui] {code} is your code to close the account, good for {minutes} minutes. This cannot be undone."},
	Invitation: {"【工会】接受邀请的验证码 {code}，{minutes} 分钟内有效。请勿告诉他人。", "[Gonghui] {code} is your code to accept the invitation, good for {minutes} minutes. Tell it to nobody."},
	Factor:     {"【工会】重置二次验证的验证码 {code}，{minutes} 分钟内有效。仅在您本人申请重置时，告知为您办理的管理员。", "[Gonghui] {code} is your code to reset the second factor, good for {minutes} minutes. Tell it only to the administrator whom you asked to do so."},
	Merge:      {"【工会】合并重复账号的验证码 {code}，{minutes} 分钟内有效。仅在您本人申请合并时，告知为您办理的工作人员。", "[Gonghui] {code} is your code to merge two accounts of yours, good for {minutes} minutes. Tell it only to the officer whom you asked to do so."},
	StepUp:     {"【工会】身份验证码 {code}，{minutes} 分钟内有效。如非本人操作，请立即修改密码。", "[Gonghui] {code} confirms that it is you, good for {minutes} minutes. If you did not ask for it, change your password now."},

	ClaimApproved: {"【工会】{body}已核实您的会员档案认领申请。请打开工会应用，用本手机号验证后再次填写姓名和证件号码，即可登录。", "[Gonghui] {body} has approved your claim of your member file. Open the app, verify this phone, and enter your name and number once more to sign in."},
	ClaimRefused:  {"【工会】{body}未同意您的会员档案认领申请。请打开工会应用，用本手机号验证后查看理由。", "[Gonghui] {body} has not approved your claim of your member file. Open the app and verify this phone to see why."},

	MeetingReminder: {"【工会】会议提醒：{body}召集的“{title}”将于{when}开始，会议号 {number}。", "[Gonghui] Reminder: “{title}”, held by {body}, begins at {when}; meeting number {number}."},
}

// Wording is the text of a message in both languages; that of an unknown template is empty.
func Wording(template string, params map[string]string) (zh, en string) {
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", value)
	}
	fill := strings.NewReplacer(pairs...)
	w := wordings[template]
	return fill.Replace(w.zh), fill.Replace(w.en)
}
