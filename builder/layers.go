package builder

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"

	"golang.org/x/sync/singleflight"

	brandingv1 "gonghui/branding/v1"
	"gonghui/builder/icon"
	"gonghui/media/object"
)

// errIconsGone is what a build of an earlier look meets when its icons are not kept: the logo in force is another one by now.
var errIconsGone = errors.New("builder: the icons are gone")

// drawnSide is the pixels at which logos are drawn for icons of phones: the largest shows it at 264.
const drawnSide = 512

// layerKey is where a drawn layer is kept: what it is of, and what it is for.
func layerKey(digest, what string) string {
	return "app/icons/" + digest[:2] + "/" + digest + "/" + what
}

// set is the icon set of Android, drawn once a logo and colour.
func (s *Service) set(ctx context.Context, in *iconInput, log *journal) (icon.Set, error) {
	digest := in.digest()
	if set, ok := s.sets.Get(digest); ok {
		log.add("icons", 40, "图标已备好", "the icons are at hand")
		return set, nil
	}
	asked := s.sets.Ask()
	set, err := layer(ctx, s, in, android, log, icon.Draw)
	if err == nil {
		s.sets.Put(digest, set, asked)
	}
	return set, err
}

// large are the pictures that shops and systems cut icons from, drawn once a logo, colour and side.
func (s *Service) large(ctx context.Context, in *iconInput, side int, log *journal) (icon.Large, error) {
	return layer(ctx, s, in, fmt.Sprintf("large-%d", side), log, func(from icon.Source) (icon.Large, error) { return icon.DrawLarge(from, side) })
}

// layer is what was drawn for a purpose and kept, or is drawn and kept now.
func layer[T any](ctx context.Context, s *Service, in *iconInput, what string, log *journal, draw func(icon.Source) (T, error)) (T, error) {
	key := layerKey(in.digest(), what)
	return together(&s.flight, key, func() (out T, err error) {
		raw, err := s.read(ctx, key)
		if err == nil {
			if err = gob.NewDecoder(bytes.NewReader(raw)).Decode(&out); err == nil {
				log.add("icons", 40, "图标取自缓存", "the icons come from the cache")
				return out, nil
			}
		}
		if err != nil && !errors.Is(err, object.ErrNotFound) {
			return out, err
		}
		from, err := s.source(ctx, in)
		if err != nil {
			return out, err
		}
		s.drawing <- struct{}{}
		out, err = draw(from)
		<-s.drawing
		if err != nil {
			return out, err
		}
		log.add("icons", 40, "已绘制图标", "the icons are drawn")
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(out); err != nil {
			return out, err
		}
		return out, s.files.Put(ctx, key, bytes.NewReader(b.Bytes()), int64(b.Len()))
	})
}

// together has those who want the same at the same time wait for one of them. An error is of that one alone, whose build may have been
// cancelled, or whose logo is another by now: the others then see for themselves.
func together[T any](flight *singleflight.Group, key string, get func() (T, error)) (T, error) {
	v, err, shared := flight.Do(key, func() (any, error) { return get() })
	if err != nil && shared {
		return get()
	}
	return v.(T), err
}

// source is what icons are drawn from: the logo in force, which must be the one that the inputs name.
func (s *Service) source(ctx context.Context, in *iconInput) (icon.Source, error) {
	drawn, err := s.branding().DrawLogo(ctx, &brandingv1.DrawLogoRequest{Side: drawnSide})
	if err != nil {
		return icon.Source{}, err
	}
	if drawn.LogoDigest != in.Logo {
		return icon.Source{}, errIconsGone
	}
	img, err := png.Decode(bytes.NewReader(drawn.Picture))
	if err != nil {
		return icon.Source{}, fmt.Errorf("builder: logo: %w", err)
	}
	ground, err := colour("icon.ground", in.Ground)
	if err != nil {
		return icon.Source{}, err
	}
	return icon.Source{Logo: img, Background: color.NRGBA{R: uint8(ground >> 16), G: uint8(ground >> 8), B: uint8(ground), A: 255}}, nil
}

// maxFile bounds what is read of an object, in bytes: projects with icons of 1,024 pixels stay below.
const maxFile = 16 << 20

// read is a whole object.
func (s *Service) read(ctx context.Context, key string) ([]byte, error) {
	r, err := s.files.Get(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(raw) > maxFile {
		err = fmt.Errorf("builder: %s has more than %d bytes", key, maxFile)
	}
	return raw, err
}
