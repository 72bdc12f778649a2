package local

import (
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that the servers run as.
type account struct {
	name     string
	uid, gid int
	cred     *syscall.Credential // nil: ourselves
}

// runAs never answers root: Postgres refuses it, and Redis should.
func runAs() (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{name: strconv.Itoa(uid), uid: uid, gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 != nil || err2 != nil || uid == 0 {
			continue
		}
		return account{
			name: name, uid: uid, gid: gid,
			cred: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
		}, nil
	}
	return account{}, &Error{
		Reason: ReasonNoAccount,
		Zh:     "不能以 root 身份运行数据库，且系统中没有 postgres 或 nobody 用户",
		En:     "the servers must not run as root, and there is neither a user postgres nor nobody",
	}
}

// reaches reports whether the account may enter dir. The kernel is asked, as the account: modes alone do not tell (ACLs, mounts).
func (a account) reaches(dir string) bool {
	if a.cred == nil {
		return true
	}
	cmd := exec.Command("/usr/bin/test", "-x", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.cred}
	return cmd.Run() == nil
}

// own makes dir if needed and hands it with all it holds to the account, closed to others.
func (a account) own(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if owner(info) != a.uid && a.cred != nil {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, a.uid, a.gid)
		})
		if err != nil {
			return err
		}
	}
	if info.Mode().Perm() != 0o700 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return err
		}
	}
	// Some shared folders accept both calls and change nothing.
	if info, err = os.Stat(dir); err != nil {
		return err
	}
	if owner(info) != a.uid || info.Mode().Perm() != 0o700 {
		return &fs.PathError{Op: "own", Path: dir, Err: fs.ErrPermission}
	}
	return nil
}

func owner(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }
