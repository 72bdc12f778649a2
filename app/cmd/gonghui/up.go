package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"gonghui/app/demo"
	"gonghui/app/module"
	"gonghui/app/server/lan"
	"gonghui/deploy/local"
	"gonghui/tenant/migrate"
)

// preferredPort is where up serves when the port is free.
const preferredPort = 8080

// say tells the person at the terminal, in both languages.
func say(zh, en string) { fmt.Fprintf(os.Stderr, "· %s  %s\n", zh, en) }

// up runs everything: private servers, the provisioner as a child, and one serving process, with the first province in it.
func up(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("up", args, noFlags); err != nil {
		return err
	}
	if s.Mode == "production" && os.Getenv("GONGHUI_MODE") == "" {
		s.Mode = "demo"
	}
	if err := logToFile(s); err != nil {
		return err
	}
	stack, err := local.Start(ctx, local.Options{
		Dir: s.Dir, PGDSN: s.PGDSN, RedisURL: s.RedisURL, Log: s.Log, Durable: true, Notice: say,
	})
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := stack.Stop(last); err != nil {
			s.Log.Error("stop", "error", err)
		}
		say("已全部停止", "everything has stopped")
	}()
	s.PGDSN, s.RedisURL = stack.PGDSN, stack.RedisURL
	ring, err := s.ring(true)
	if err != nil {
		return err
	}
	if err := migrate.Setup(ctx, s.PGDSN, s.tenantConfig(ring), module.All()); err != nil {
		return err
	}
	listener, err := listen(s)
	if err != nil {
		return err
	}
	if err := writeEnv(s); err != nil {
		return err
	}
	var children sync.WaitGroup
	below, stopChildren := context.WithCancel(context.WithoutCancel(ctx))
	defer func() { stopChildren(); children.Wait() }()
	children.Go(func() { keep(below, s, child{"provisioner", "建库进程", nil}) })
	children.Go(func() {
		keep(below, s, child{"signer", "签名进程", []string{"GONGHUI_SIGNER=" + s.Signer, "GONGHUI_SIGNER_KEY_FILE=" + s.SignerKeyFile}})
	})
	app, closeApp, err := build(ctx, s, listener, nil)
	if err != nil {
		return err
	}
	defer closeApp()
	if err := firstStart(ctx, s); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- app.Run(ctx) }()
	announce(s)
	if len(os.Getenv("GONGHUI_READY_FILE")) > 0 {
		_ = os.WriteFile(os.Getenv("GONGHUI_READY_FILE"), []byte(s.Base), 0o600)
	}
	err = <-served
	if ctx.Err() != nil {
		say("正在停止……", "stopping …")
	}
	return err
}

// logToFile keeps the terminal for what a person should read.
func logToFile(s *settings) error {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.Dir, "gonghui.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if os.Getenv("GONGHUI_LOG") == "debug" {
		level = slog.LevelDebug
	}
	s.Log = slog.New(slog.NewJSONHandler(f, &slog.HandlerOptions{Level: level}))
	return nil
}

// listen takes the port of last time, else the usual one, else any that is free; the base follows the port.
func listen(s *settings) (net.Listener, error) {
	if s.Listen != "" {
		l, err := net.Listen("tcp", s.Listen)
		if err == nil && s.Base == "" {
			s.Base = fmt.Sprintf("gonghui.localhost:%d", l.Addr().(*net.TCPAddr).Port)
		}
		return l, err
	}
	remembered := filepath.Join(s.Dir, "http.port")
	want := preferredPort
	if raw, err := os.ReadFile(remembered); err == nil {
		if p, err := strconv.Atoi(string(raw)); err == nil {
			want = p
		}
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", want))
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
		say(fmt.Sprintf("端口 %d 已被占用，改用另一个", want), fmt.Sprintf("port %d is taken, another is used", want))
	}
	port := l.Addr().(*net.TCPAddr).Port
	if s.Base == "" {
		s.Base = fmt.Sprintf("gonghui.localhost:%d", port)
	}
	return l, os.WriteFile(remembered, []byte(strconv.Itoa(port)), 0o600)
}

// writeEnv leaves what the operator's commands need to reach the private servers.
func writeEnv(s *settings) error {
	text := fmt.Sprintf("GONGHUI_PG_DSN=%s\nGONGHUI_REDIS_URL=%s\nGONGHUI_KEY_FILE=%s\nGONGHUI_PREFIX=%s\nGONGHUI_BASE=%s\nGONGHUI_MODE=%s\nGONGHUI_SIGNER=%s\nGONGHUI_SIGNER_KEY_FILE=%s\n",
		s.PGDSN, s.RedisURL, s.KeyFile, s.Prefix, s.Base, s.Mode, s.Signer, s.SignerKeyFile)
	return os.WriteFile(filepath.Join(s.Dir, "env"), []byte(text), 0o600)
}

// child is one of the binary's commands in a process of its own, with what it needs of the environment beside the common.
type child struct {
	name, zh string
	env      []string
}

// keep runs a child, and starts it again when it dies.
func keep(ctx context.Context, s *settings, c child) {
	runtime.LockOSThread() // the child is told of our death by the thread that started it
	defer runtime.UnlockOSThread()
	for wait := 200 * time.Millisecond; ctx.Err() == nil; wait = min(wait*2, 10*time.Second) {
		begin := time.Now()
		err := run(ctx, s, c)
		if ctx.Err() != nil {
			return
		}
		s.Log.Error(c.name+" died", "error", err)
		say(c.zh+"意外退出，正在重启", "the "+c.name+" died and is started again")
		if time.Since(begin) > time.Minute {
			wait = 200 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func run(ctx context.Context, s *settings, c child) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, exe, c.name)
	cmd.Env = append(os.Environ(), append([]string{
		"GONGHUI_PG_DSN=" + s.PGDSN, "GONGHUI_KEY_FILE=" + s.KeyFile, "GONGHUI_PREFIX=" + s.Prefix, "GONGHUI_MODE=" + s.Mode,
	}, c.env...)...)
	log, err := os.OpenFile(filepath.Join(s.Dir, c.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd.Run()
}

// firstStart founds the bodies and fills one province, once.
func firstStart(ctx context.Context, s *settings) error {
	done := filepath.Join(s.Dir, "seeded")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	begin := time.Now()
	if err := seedDivisions(ctx, s, nil); err != nil {
		return err
	}
	if err := tenantActivate(ctx, s, demo.FirstBodies()); err != nil {
		return err
	}
	if os.Getenv("SEED") != "empty" && s.Mode == "demo" {
		if err := seedDemo(ctx, s, nil); err != nil {
			return err
		}
	}
	say(fmt.Sprintf("首次准备用时 %s", time.Since(begin).Round(time.Second)), fmt.Sprintf("prepared for the first time in %s", time.Since(begin).Round(time.Second)))
	return os.WriteFile(done, nil, 0o600)
}

// announce prints where to go and who may come in.
func announce(s *settings) {
	scheme := "http"
	if s.CertFile != "" {
		scheme = "https"
	}
	address := func(code, path string) string { return scheme + "://" + code + "." + s.Base + path }
	fmt.Printf("\n工会网上工作平台  Gonghui\n\n")
	fmt.Printf("  上级督导 hq        %s\n", address("hq", "/"))
	fmt.Printf("  工作台 console     %s\n", address(demo.County, "/console/"))
	fmt.Printf("  会员端 member app  %s\n", address(demo.County, "/"))
	if s.Mode == "demo" && (s.SMS == "" || s.SMS == "inbox") {
		fmt.Printf("  验证码 codes       %s\n", address("hq", "/dev/inbox"))
	}
	fmt.Println()
	if s.Mode != "demo" || os.Getenv("SEED") == "empty" {
		fmt.Printf("  第一位管理员 first administrator:  ./bin/gonghui admin invite --body %s --phone 13800000000\n", demo.County)
	} else {
		fmt.Printf("  演示账号 demo accounts（密码 password: %s）\n", demo.Password)
		for _, a := range demo.Accounts {
			fmt.Printf("    %s  %-10s %s\n", a.Phone, a.Label.En, address(a.Host, a.Path))
		}
	}
	announcePhones(s.phones)
	fmt.Printf("\n  Ctrl-C 停止 stops everything.  日志 log: %s\n\n", filepath.Join(s.Dir, "gonghui.log"))
}

// announcePhones prints the way in for phones: a code to scan, and what to compare before trusting the authority.
func announcePhones(l *lan.LAN) {
	if l == nil {
		return
	}
	address := l.Help(demo.County)
	code, err := lan.QR(address)
	if err != nil {
		code = "" // the address beside it says the same
	}
	fmt.Printf("\n  手机 phones in the same Wi-Fi: 扫码，或打开 scan, or open  %s\n\n%s\n", address, code)
	fmt.Printf("  换单位 another body: %s\n", l.Help("<code>"))
	fmt.Printf("  证书指纹 fingerprint of the certificate (SHA-256):\n  %s\n", l.Authority.Fingerprint())
}
