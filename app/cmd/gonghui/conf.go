package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"gonghui/app/identity/sms"
	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/app/server/lan"
	"gonghui/media/object"
	"gonghui/tenant"
)

// settings come from the environment, so that containers and units need no files of ours.
type settings struct {
	PGDSN    string // GONGHUI_PG_DSN: database; of a superuser for up and migrate, any user elsewhere
	RedisURL string // GONGHUI_REDIS_URL
	KeyFile  string // GONGHUI_KEY_FILE: 0600
	Prefix   string // GONGHUI_PREFIX: before every role of this database in the cluster
	Base     string // GONGHUI_BASE: domain of all hosts, with the port when it is not the usual one
	Listen   string // GONGHUI_LISTEN
	GRPC     string // GONGHUI_GRPC
	CertFile string // GONGHUI_TLS_CERT
	TLSKey   string // GONGHUI_TLS_KEY
	Proxies  []netip.Prefix
	Mode     string // GONGHUI_MODE: production (default) or demo
	NoLimits bool   // GONGHUI_NO_LIMITS=1: for measuring, never in production
	SMS      string // GONGHUI_SMS: address of the gateway for text messages; "inbox" or nothing shows them in a demo system's inbox
	SMSKey   string // GONGHUI_SMS_KEY: what the gateway knows us by, at least 16 characters
	Dir      string // GONGHUI_DIR: state of "gonghui up"
	LAN      string // GONGHUI_LAN: 1 or an address of this machine: phones in the same network may come in, to a demo system only
	// Signer is the socket of the process that holds the signing keys of apps: GONGHUI_SIGNER; else signer.sock in Dir.
	Signer string
	// SignerKeyFile is the signer's own master key, 0600: GONGHUI_SIGNER_KEY_FILE; else signer.json in Dir.
	SignerKeyFile string
	Files         object.Store // GONGHUI_S3_*: a bucket, see media/object; else the folder "files" of Dir
	Log           *slog.Logger

	phones *lan.LAN // the port of LAN, once it is open
}

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

func readSettings() (*settings, error) {
	s := &settings{
		PGDSN: os.Getenv("GONGHUI_PG_DSN"), RedisURL: os.Getenv("GONGHUI_REDIS_URL"),
		Dir: env("GONGHUI_DIR", ".run"), Prefix: env("GONGHUI_PREFIX", "gh"),
		Base: os.Getenv("GONGHUI_BASE"), Listen: os.Getenv("GONGHUI_LISTEN"), GRPC: os.Getenv("GONGHUI_GRPC"),
		CertFile: os.Getenv("GONGHUI_TLS_CERT"), TLSKey: os.Getenv("GONGHUI_TLS_KEY"),
		Mode: env("GONGHUI_MODE", "production"), NoLimits: os.Getenv("GONGHUI_NO_LIMITS") == "1",
		SMS: os.Getenv("GONGHUI_SMS"), SMSKey: os.Getenv("GONGHUI_SMS_KEY"), LAN: os.Getenv("GONGHUI_LAN"),
	}
	s.KeyFile = env("GONGHUI_KEY_FILE", filepath.Join(s.Dir, "keys.json"))
	s.Signer = env("GONGHUI_SIGNER", filepath.Join(s.Dir, "signer.sock"))
	s.SignerKeyFile = env("GONGHUI_SIGNER_KEY_FILE", filepath.Join(s.Dir, "signer.json"))
	if s.Mode != "production" && s.Mode != "demo" {
		return nil, fmt.Errorf("GONGHUI_MODE is %q, want production or demo", s.Mode)
	}
	if s.NoLimits && s.Mode == "production" {
		return nil, errors.New("GONGHUI_NO_LIMITS=1 is refused in production")
	}
	for _, p := range strings.Fields(strings.ReplaceAll(os.Getenv("GONGHUI_TRUSTED_PROXIES"), ",", " ")) {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("GONGHUI_TRUSTED_PROXIES: %w", err)
		}
		s.Proxies = append(s.Proxies, prefix)
	}
	files, err := object.FromEnv(filepath.Join(s.Dir, "files"))
	if err != nil {
		return nil, err
	}
	s.Files = files
	level := slog.LevelInfo
	if os.Getenv("GONGHUI_LOG") == "debug" {
		level = slog.LevelDebug
	}
	s.Log = slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	return s, nil
}

// bucket tells whether the settings name one.
func (s *settings) bucket() bool {
	_, local := s.Files.(*object.Local)
	return !local
}

func (s *settings) needPG() error {
	if s.PGDSN == "" {
		return errors.New("GONGHUI_PG_DSN is not set; for the private database of make run, use make shell or read .run/env")
	}
	return nil
}

// ring reads the key file; create makes it on first use.
func (s *settings) ring(create bool) (*crypt.Ring, error) {
	ring, err := crypt.Load(s.KeyFile)
	if errors.Is(err, os.ErrNotExist) && create {
		return crypt.Create(s.KeyFile)
	}
	return ring, err
}

func (s *settings) tenantConfig(ring *crypt.Ring) tenant.Config {
	return tenant.Config{DSN: s.PGDSN, Prefix: s.Prefix, Secret: ring.Secret()}
}

// messenger is the gateway for text messages; nil when none is named.
func (s *settings) messenger() (module.Messenger, error) {
	switch {
	case s.SMS == "inbox" && s.Mode == "production":
		return nil, errors.New("GONGHUI_SMS=inbox is refused in production: whoever opens the inbox reads every code")
	case s.SMS == "", s.SMS == "inbox":
		return nil, nil
	}
	g, err := sms.NewGateway(s.SMS, []byte(s.SMSKey))
	if err != nil {
		return nil, fmt.Errorf("GONGHUI_SMS, GONGHUI_SMS_KEY: %w", err)
	}
	return g, nil
}

// lan opens the port for phones in the same network; nil when none is asked for.
func (s *settings) lan() (*lan.LAN, error) {
	if s.LAN == "" {
		return nil, nil
	}
	if s.Mode == "production" {
		return nil, errors.New("GONGHUI_LAN is refused in production: give the bodies' hosts names and certificates")
	}
	l, err := lan.Open(s.LAN, filepath.Join(s.Dir, "lan"))
	if err != nil {
		return nil, fmt.Errorf("GONGHUI_LAN: %w", err)
	}
	return l, nil
}

func (s *settings) tls() (*tls.Config, error) {
	if s.CertFile == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(s.CertFile, s.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("GONGHUI_TLS_CERT: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}
