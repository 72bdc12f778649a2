package object

import (
	"context"
	"fmt"
	"io"
	"strings"
)

type under struct {
	store  Store
	prefix string // with its slash
}

// Under is the part of a store below a folder: keys are relative to it. The prefix has to be a key.
func Under(s Store, prefix string) (Store, error) {
	if err := checkKey("open", prefix); err != nil {
		return nil, err
	}
	return under{s, prefix + "/"}, nil
}

func (u under) String() string { return fmt.Sprintf("%v, below %s", u.store, u.prefix) }

func (u under) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey("put", key); err != nil {
		return err
	}
	return u.store.Put(ctx, u.prefix+key, r, size)
}

func (u under) Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := checkKey("get", key); err != nil {
		return nil, err
	}
	return u.store.Get(ctx, u.prefix+key, offset, length)
}

func (u under) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey("stat", key); err != nil {
		return Info{}, err
	}
	info, err := u.store.Stat(ctx, u.prefix+key)
	info.Key = strings.TrimPrefix(info.Key, u.prefix)
	return info, err
}

func (u under) List(ctx context.Context, prefix, after string, limit int) ([]Info, string, error) {
	if after != "" {
		after = u.prefix + after
	}
	page, next, err := u.store.List(ctx, u.prefix+prefix, after, limit)
	for i := range page {
		page[i].Key = strings.TrimPrefix(page[i].Key, u.prefix)
	}
	return page, strings.TrimPrefix(next, u.prefix), err
}

func (u under) Delete(ctx context.Context, key string) error {
	if err := checkKey("delete", key); err != nil {
		return err
	}
	return u.store.Delete(ctx, u.prefix+key)
}
