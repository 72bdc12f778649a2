package main

import (
	"context"
	"errors"
	"os"

	"gonghui/app/kit/crypt"
	"gonghui/builder/signer"
)

// holdKeys is the signer: the process that holds the signing keys of apps. Its master key is made on first use.
func holdKeys(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("signer", args, noFlags); err != nil {
		return err
	}
	ring, err := crypt.Load(s.SignerKeyFile)
	if errors.Is(err, os.ErrNotExist) {
		ring, err = crypt.Create(s.SignerKeyFile)
	}
	if err != nil {
		return err
	}
	l, err := signer.Listen(s.Signer)
	if err != nil {
		return err
	}
	s.Log.Info("signing", "socket", s.Signer)
	return signer.Serve(ctx, l, ring, s.Log)
}
