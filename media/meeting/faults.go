package meeting

import "gonghui/app/kit/fault"

// What is wrong with invitations, repetitions and answers.
var (
	errGroup       = fault.Field("plan.targets", "没有这个群组，请重新选择", "there is no such group; choose again")
	errBody        = fault.Field("plan.targets", "没有这个工会组织，请重新选择", "there is no such body; choose again")
	errOwnBody     = fault.Field("plan.targets", "本工会的人不需要按单位邀请，请选“本工会的人”", "your own union is invited by opening the meeting to it")
	errNotBelow    = fault.Field("plan.targets", "只能邀请本工会的下级", "only bodies below your own can be invited all at once")
	errTargetTwice = fault.Field("plan.targets", "同一群组或单位只能邀请一次", "a group or a body is invited twice")
	errTargetMany  = fault.Field("plan.targets", "受邀的群组合计超过 5000 人", "the groups invited have more than 5,000 people")
	errRepeatEnd   = fault.Field("plan.repeat.count", "请填写次数或截止日期，二者选一", "say how often, or until when")
	errRepeatMany  = fault.Field("plan.repeat.count", "最多重复 100 次", "a meeting takes place 100 times at most")
	errRepeatFew   = fault.Field("plan.repeat.count", "按此规则只会召开一次，请改为更多次数或更晚的截止日期", "by this rule it takes place only once: choose more times or a later day")
	errRepeatDay   = fault.Field("plan.repeat.weekdays", "首次会议的日期要在所选的星期里", "the first meeting must be on one of the weekdays")
	errRepeatFar   = fault.Field("plan.repeat.count", "最多排到两年以内", "meetings are planned two years ahead at most")
	errNeedsNote   = fault.Field("note", "请说明不能参加的原因", "say why you cannot come")
	errSubstitute  = fault.Field("identityId", "请选择本工会的另一位同事", "choose somebody else of your union")
)
