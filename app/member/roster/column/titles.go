package column

import (
	"strings"
	"unicode"

	"gonghui/app/member/roster/cell"
)

// leave marks the titles of columns that are known to be no field.
const leave = "-"

// titles are the spellings of titles in real rosters, as norm writes them.
var titles = spellings(map[string]string{
	"name": "姓名 会员姓名 职工姓名 员工姓名 真实姓名 名字 人员姓名 会员名称 name fullname membername realname",
	"idNumber": "身份证号码 身份证号 身份证 证件号码 证件号 公民身份号码 公民身份证号码 居民身份证号码 居民身份证号 居民身份证 有效证件号码 有效证件号 身份号码 " +
		"身份证件号码 身份证件号 会员身份证号 会员身份证号码 职工身份证号 身份证编号 idnumber idno id idcard idcardno idcardnumber identitynumber citizenid nationalid",
	"idKind": "证件类型 证件种类 证件类别 有效证件类型 身份证件类型 证件名称 idtype idkind kindofpaper papertype documenttype",
	"phone": "手机 手机号 手机号码 联系电话 电话 电话号码 移动电话 联系方式 联系手机 本人手机 本人手机号 本人手机号码 联系电话手机 手机电话 会员手机号 " +
		"phone mobile mobilephone mobileno mobilenumber phonenumber phoneno telephone tel cell cellphone",
	"sex":             "性别 会员性别 sex gender",
	"birth":           "出生日期 出生年月日 出生年月 生日 出生时间 birth birthday dateofbirth birthdate dob",
	"nation":          "民族 会员民族 民族代码 nation ethnicgroup ethnicity nationality",
	"education":       "学历 文化程度 最高学历 学历层次 教育程度 受教育程度 文化水平 学历代码 education educationlevel schooling",
	"politicalStatus": "政治面貌 政治面目 政治身份 党派 政治面貌代码 politicalstatus politicalaffiliation politics party",
	"employer": "工作单位 单位 单位名称 所在单位 用人单位 工作单位名称 企业名称 所属单位 所在企业 公司 公司名称 就业单位 现工作单位 " +
		"employer company workplace unit organisation organization",
	"job":        "职务 岗位 工种 职业 工作岗位 职位 职务岗位 职业工种 岗位工种 职务职称 job position post occupation jobtitle title",
	"employment": "就业形式 就业形态 用工形式 用工性质 用工类型 用工方式 就业状况 employment employmenttype formofemployment",
	"migrant":    "是否农民工 农民工 是否为农民工 农民工标识 是否农民工会员 migrant migrantworker",
	"address":    "住址 家庭住址 地址 联系地址 现住址 居住地址 通讯地址 通信地址 家庭地址 现居住地 现居住地址 常住地址 address homeaddress residence",
	"joinedOn":   "入会时间 入会日期 入会年月 入会年月日 加入工会时间 加入工会日期 会籍开始日期 入会 joined joinedon joiningdate dateofjoining joindate membersince",
	leave: "序号 编号 备注 说明 序列 行号 会员证号 会员编号 会员号 工号 员工编号 部门 车间 班组 科室 籍贯 年龄 户籍地址 户口所在地 邮箱 电子邮箱 邮编 参加工作时间 " +
		"是否在岗 婚姻状况 技术等级 职称 工会小组 所属工会 工会名称 签名 签字 错误原因reason 错误原因 reason no number index remarks remark notes note memo email age department",
})

func spellings(words map[string]string) map[string]string {
	m := map[string]string{}
	for field, all := range words {
		for w := range strings.FieldsSeq(all) {
			m[norm(w)] = field
		}
	}
	for _, f := range Fields {
		m[norm(f)] = f
	}
	return m
}

// norm brings a title into the form in which titles are compared: narrow, lower case, letters alone, without what stands in
// brackets.
func norm(s string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("(（[【<《", r):
			depth++
			return -1
		case strings.ContainsRune(")）]】>》", r):
			depth--
			return -1
		case depth > 0 || !unicode.IsLetter(r):
			return -1
		}
		return unicode.ToLower(r)
	}, cell.Text(s))
}

// hint is the field that a part of a title speaks for: to be looked at by a person.
func hint(key string) string {
	for _, h := range []struct{ part, field string }{
		{"身份证", "idNumber"},
		{"证件号", "idNumber"},
		{"姓名", "name"},
		{"手机", "phone"},
		{"民族", "nation"},
		{"学历", "education"},
		{"政治面貌", "politicalStatus"},
		{"入会", "joinedOn"},
		{"工作单位", "employer"},
	} {
		if strings.Contains(key, h.part) {
			return h.field
		}
	}
	return ""
}
