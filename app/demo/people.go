package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"gonghui/app/kit/cnid"
	memberv1 "gonghui/app/member/v1"
)

// surnames are the most frequent ones, each as often as its share among them asks, in thousandths.
var surnames = []struct {
	name  string
	share int
}{
	{"李", 72},
	{"王", 72},
	{"张", 68},
	{"刘", 54},
	{"陈", 90},
	{"杨", 31},
	{"黄", 60},
	{"赵", 21},
	{"吴", 32},
	{"周", 24},
	{"徐", 15},
	{"孙", 14},
	{"马", 12},
	{"朱", 14},
	{"胡", 13},
	{"郭", 14},
	{"何", 30},
	{"高", 10},
	{"林", 48},
	{"罗", 22},
	{"郑", 18},
	{"梁", 34},
	{"谢", 18},
	{"宋", 9},
	{"唐", 10},
	{"许", 12},
	{"韩", 7},
	{"冯", 14},
	{"邓", 18},
	{"曹", 7},
	{"彭", 12},
	{"曾", 18},
	{"肖", 9},
	{"田", 6},
	{"董", 5},
	{"潘", 12},
	{"袁", 6},
	{"蔡", 16},
	{"蒋", 6},
	{"余", 8},
	{"于", 4},
	{"杜", 5},
	{"叶", 14},
	{"程", 5},
	{"苏", 9},
	{"魏", 4},
	{"吕", 5},
	{"丁", 5},
	{"任", 4},
	{"卢", 9},
	{"姚", 6},
	{"沈", 4},
	{"钟", 12},
	{"姜", 3},
	{"崔", 2},
	{"谭", 10},
	{"陆", 6},
	{"范", 5},
	{"汪", 4},
	{"廖", 10},
	{"石", 4},
	{"金", 3},
	{"韦", 5},
	{"贾", 2},
	{"夏", 3},
	{"付", 3},
	{"方", 6},
	{"邹", 5},
	{"熊", 4},
	{"白", 3},
	{"孟", 2},
	{"秦", 3},
	{"邱", 5},
	{"侯", 3},
	{"江", 5},
	{"尹", 2},
	{"薛", 2},
	{"欧阳", 3},
	{"司徒", 2},
	{"区", 3},
	{"单", 1},
	{"植", 1},
	{"麦", 4},
	{"冼", 2},
}

var (
	maleGiven = []rune("伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林锋建国志文海东晓峰德成家乐子轩振荣耀祥泽嘉铭")
	girlGiven = []rune("芳娜敏静丽艳娟霞秀英玲桂燕红梅琳雪倩婷慧莹丹萍颖晶洁璐瑶琪嘉欣怡佳雯思雅淑珍凤兰婉仪月春晓云彩美")
	employers = []string{
		"第一中学", "人民医院", "公共交通公司", "自来水公司", "市政工程公司", "食品厂", "服装厂", "电子科技公司", "物流公司", "商贸公司",
		"建筑工程公司", "家政服务中心", "供电局", "环卫所", "纺织厂", "机械厂", "软件公司", "幼儿园", "街道办事处", "社区服务中心",
	}
	jobs = []string{"教师", "护士", "驾驶员", "技术员", "钳工", "焊工", "会计", "保洁员", "快递员", "仓库管理员", "销售员", "电工", "缝纫工", "工程师", "文员"}
)

// people makes generated people: plausible names, ID numbers with valid check digits, phones of no assigned pattern.
type people struct {
	rand  *rand.Rand
	total int
	used  map[string]bool // ID numbers given out
}

func newPeople(seed uint64) *people {
	p := &people{rand: rand.New(rand.NewPCG(seed, 20261122)), used: map[string]bool{}}
	for _, s := range surnames {
		p.total += s.share
	}
	return p
}

func (p *people) name(male bool) string {
	n := p.rand.IntN(p.total)
	surname := ""
	for _, s := range surnames {
		if n -= s.share; n < 0 {
			surname = s.name
			break
		}
	}
	pool := girlGiven
	if male {
		pool = maleGiven
	}
	given := string(pool[p.rand.IntN(len(pool))])
	if p.rand.IntN(100) < 78 {
		given += string(pool[p.rand.IntN(len(pool))])
	}
	return surname + given
}

// citizenID is valid by its digits; no two calls give the same.
func (p *people) citizenID(division string, male bool) string {
	for {
		born := time.Date(1964, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, p.rand.IntN(365*40))
		order := 100 + 2*p.rand.IntN(450)
		if male {
			order++
		}
		head := fmt.Sprintf("%s%s%03d", division, born.Format("20060102"), order)
		id := head + string(cnid.CheckDigit(head))
		if !p.used[id] {
			p.used[id] = true
			return id
		}
	}
}

func (p *people) phone() string {
	return fmt.Sprintf("1%d%08d", 30+p.rand.IntN(60), p.rand.IntN(100000000))
}

// member fills a real-name file.
func (p *people) member(division, place string) *memberv1.MemberFields {
	male := p.rand.IntN(100) < 54
	employment := "contract"
	switch n := p.rand.IntN(100); {
	case n < 6:
		employment = "dispatched"
	case n < 14:
		employment = "flexible"
	case n < 24:
		employment = "new_form"
	}
	educations := []string{"60", "60", "70", "40", "30", "20", "20", "10"}
	politics := []string{"13", "13", "13", "13", "03", "01"}
	return &memberv1.MemberFields{
		Name: p.name(male), IdKind: cnid.CitizenID, IdNumber: p.citizenID(division, male), Phone: p.phone(), Nation: "01",
		Education: educations[p.rand.IntN(len(educations))], PoliticalStatus: politics[p.rand.IntN(len(politics))],
		Employer: place + employers[p.rand.IntN(len(employers))], Job: jobs[p.rand.IntN(len(jobs))], Employment: employment,
		Migrant: p.rand.IntN(100) < 42, JoinedOn: time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, p.rand.IntN(3900)).Format("2006-01-02"),
	}
}
