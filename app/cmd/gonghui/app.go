package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"gonghui/builder/apk"
	"gonghui/builder/sign"
)

// packageFacts are what a package says of itself, for a person or a program.
type packageFacts struct {
	File        string `json:"file"`
	ID          string `json:"id"`
	NameZh      string `json:"nameZh"`
	NameEn      string `json:"nameEn"`
	VersionCode int32  `json:"versionCode"`
	VersionName string `json:"versionName"`
	Start       string `json:"start"`
	Trial       bool   `json:"trial"`
	Size        int    `json:"size"` // bytes
	SHA256      string `json:"sha256"`
	Certificate string `json:"certificate"` // SHA-256
}

// appVerify reads Android packages as a phone would, every byte of them, and says whose they are.
func appVerify(_ context.Context, _ *settings, args []string) error {
	var asJSON bool
	files, err := flags("app verify", args, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "print JSON lines")
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("app verify takes the files of packages")
	}
	var bad error
	for _, file := range files {
		facts, err := readPackage(file)
		switch {
		case err != nil:
			bad = errors.Join(bad, fmt.Errorf("%s: %w", file, err))
		case asJSON:
			if err := json.NewEncoder(os.Stdout).Encode(facts); err != nil {
				return err
			}
		default:
			fmt.Printf("✓ %s\n  %s · %s %s (%d) · %d bytes\n  SHA-256     %s\n  certificate %s\n",
				file, facts.NameZh, facts.ID, facts.VersionName, facts.VersionCode, facts.Size, facts.SHA256, facts.Certificate)
			if facts.Trial {
				fmt.Println("  a trial package: not for publishing")
			}
		}
	}
	return bad
}

func readPackage(file string) (packageFacts, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return packageFacts{}, err
	}
	f, err := apk.Verify(raw)
	if err != nil {
		return packageFacts{}, err
	}
	prints, err := sign.FingerprintsOf(f.Certificate)
	if err != nil {
		return packageFacts{}, err
	}
	return packageFacts{
		File: file, ID: f.ID, NameZh: f.Name.ZH, NameEn: f.Name.EN, VersionCode: f.VersionCode, VersionName: f.VersionName,
		Start: f.Config.Start, Trial: f.Trial, Size: len(raw),
		SHA256: hex.EncodeToString(f.SHA256[:]), Certificate: hex.EncodeToString(prints.SHA256),
	}, nil
}
