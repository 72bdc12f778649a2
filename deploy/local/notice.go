package local

import (
	"fmt"
	"log/slog"
)

// teller passes a line on to the person at the terminal and to the log.
type teller struct {
	notice func(zh, en string)
	log    *slog.Logger
}

func (o Options) teller() teller {
	t := teller{notice: o.Notice, log: o.Log}
	if t.log == nil {
		t.log = slog.Default()
	}
	return t
}

func (t teller) say(zh, en string) {
	if t.notice != nil {
		t.notice(zh, en)
		return
	}
	t.log.Info(en, "zh", zh)
}

func (t teller) creating() {
	t.say("正在创建私有数据库（仅首次）…", "creating the private database (first start only) …")
}

func (t teller) placedElsewhere(dir, at, user string) {
	t.say(fmt.Sprintf("用户 %s 无法进入 %s，数据改放在 %s（原处留有链接）", user, dir, at),
		fmt.Sprintf("user %s cannot enter %s: the data is kept in %s, with links to it", user, dir, at))
}

func (t teller) portTaken(name string, old, now int) {
	t.say(fmt.Sprintf("%s 的端口 %d 已被占用，改用 %d", name, old, now),
		fmt.Sprintf("port %d of %s is taken, using %d", old, name, now))
}

func (t teller) leftover(name string) {
	t.say(fmt.Sprintf("发现上次遗留的 %s 进程，正在停止它", name),
		fmt.Sprintf("%s of an earlier run is still there, stopping it", name))
}

func (t teller) slow(name string) {
	t.say(fmt.Sprintf("%s 仍在启动（可能正在恢复数据），请稍候…", name),
		fmt.Sprintf("%s is still starting (it may be recovering its data) …", name))
}

func (t teller) died(name, how string) {
	t.say(fmt.Sprintf("%s 意外退出（%s），正在重新启动", name, how),
		fmt.Sprintf("%s died (%s), starting it again", name, how))
}

func (t teller) notYet(name string, err error) {
	t.say(fmt.Sprintf("%s 未能重新启动，稍后再试：%v", name, err),
		fmt.Sprintf("%s could not be started again, will retry: %v", name, err))
}

func (t teller) back(name string) {
	t.say(name+" 已恢复", name+" is back")
}
