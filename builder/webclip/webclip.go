// Package webclip makes configuration profiles that put a body's pages on the home screen of iPhones and iPads, without a
// store (Apple, Device Management, WebClip). Build gives the profile, Sign the file that people open, Verify reads one back.
package webclip

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"howett.net/plist"

	"gonghui/builder/input"
)

// Side is that of the icon, in pixels: 60 points on a screen of three pixels a point.
const Side = 180

// ContentType is what a web server says of a profile so that Safari offers to install it.
const ContentType = "application/x-apple-aspen-config"

// Input is all that a profile is made from; equal inputs give equal bytes.
type Input struct {
	// ID names the profile for ever: another one with the same takes its place. "cn.example.union".
	ID           string
	Name         input.Text // under the icon
	Organization input.Text // who gives the profile
	About        input.Text // what it does, shown before it is installed
	Start        string     // https address that the icon opens
	Icon         []byte     // PNG, Side pixels a side
	Language     string     // "zh" or "en", of what a profile says in one language only; empty is zh
}

// profile and clip are named and spelt as Apple's reference has them.
type profile struct {
	PayloadContent           []clip
	PayloadDescription       string
	PayloadDisplayName       string
	PayloadIdentifier        string
	PayloadOrganization      string
	PayloadRemovalDisallowed bool
	PayloadType              string
	PayloadUUID              string
	PayloadVersion           int
	ConsentText              map[string]string
}

type clip struct {
	FullScreen         bool
	Icon               []byte
	IsRemovable        bool
	Label              string
	PayloadDisplayName string
	PayloadIdentifier  string
	PayloadType        string
	PayloadUUID        string
	PayloadVersion     int
	Precomposed        bool
	URL                string
}

const (
	maxOrganization = 200 // characters
	maxAbout        = 400 // characters
	clipSuffix      = ".webclip"
	profileType     = "Configuration"
	clipType        = "com.apple.webClip.managed"
)

// space is that of the UUIDs, a random one: what is derived in it meets nobody else's.
var space = uuid.MustParse("5f0b3c52-6a0e-4d0e-9d57-3f3d2c8f6b11")

// id is a UUID that stays the same as long as the name does.
func id(name string) string { return strings.ToUpper(uuid.NewSHA1(space, []byte(name)).String()) }

func (in Input) check() error {
	for _, err := range []error{
		input.ID("id", in.ID), input.Both("name", in.Name, input.MaxName), input.Both("organization", in.Organization, maxOrganization),
		input.Both("about", in.About, maxAbout), input.Address("start", in.Start), input.Picture("icon", in.Icon, Side), input.Language("language", in.Language),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// Build makes the profile, unsigned. What is wrong with the input is an error of fault.Field.
func Build(in Input) ([]byte, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	say := func(t input.Text) string {
		if in.Language == "en" {
			return t.EN
		}
		return t.ZH
	}
	b, err := plist.MarshalIndent(profile{
		PayloadContent: []clip{{
			// A phone is its owner's: the icon can always be taken off.
			FullScreen: true, IsRemovable: true, Precomposed: true,
			Icon: in.Icon, Label: say(in.Name), URL: in.Start,
			PayloadDisplayName: say(in.Name), PayloadIdentifier: in.ID + clipSuffix, PayloadType: clipType, PayloadUUID: id(in.ID + clipSuffix), PayloadVersion: 1,
		}},
		PayloadDescription: say(in.About), PayloadDisplayName: say(in.Name), PayloadIdentifier: in.ID, PayloadOrganization: say(in.Organization),
		PayloadType: profileType, PayloadUUID: id(in.ID), PayloadVersion: 1,
		ConsentText: map[string]string{"default": say(in.About), "zh-Hans": in.About.ZH, "en": in.About.EN},
	}, plist.XMLFormat, "\t")
	if err != nil {
		return nil, fmt.Errorf("webclip: %w", err)
	}
	return b, nil
}
