package apk

import (
	"crypto/x509"

	"gonghui/app/kit/fault"
	"gonghui/builder/icon"
	"gonghui/builder/input"
)

// What the channels have in common.
type (
	Text    = input.Text
	Consent = input.Consent
	Colors  = input.Colors
	Uses    = input.Uses
)

// Input is all that a package is made from; equal inputs give equal bytes.
type Input struct {
	// ID is the application id, by which phones and shops tell apps apart, for ever: "cn.example.union".
	ID string
	// VersionCode rises with every package of an app that is published, a roll-back included.
	VersionCode int32
	VersionName string
	Name        Text // under the icon

	Start    string   // https address that the app opens
	Scheme   string   // of links that open the app, "ghunion": ghunion://open/path
	Hosts    []string // whose https links open the app, once assetlinks.json there names it
	Update   string   // https address of the update manifest; empty where a shop updates
	Consent  Consent
	Colors   Colors
	Icons    icon.Set
	Uses     Uses
	TrialCA  []byte // certificate in DER of a local authority that a trial package trusts for its hosts; such packages are not for publishing
	Language string // "zh" or "en" for a phone whose language is neither; empty is zh
}

// maxVersionCode is the highest that Google Play takes; other shops take no more.
const maxVersionCode = 2_100_000_000

// check names the first field that is wrong.
func (in Input) check() error {
	if err := input.ID("id", in.ID); err != nil {
		return err
	}
	if in.VersionCode < 1 || in.VersionCode > maxVersionCode {
		return fault.Field("versionCode", "版本号须在 1 到 2100000000 之间", "The version code must be from 1 to 2100000000")
	}
	for _, err := range []error{
		input.Version("versionName", in.VersionName), input.Both("name", in.Name, input.MaxName), input.Scheme("scheme", in.Scheme),
		input.Hosts("hosts", in.Hosts), input.Address("start", in.Start), in.Consent.Check(), in.Colors.Check(), input.Language("language", in.Language),
	} {
		if err != nil {
			return err
		}
	}
	if in.Update != "" {
		if err := input.Address("update", in.Update); err != nil {
			return err
		}
	}
	if len(in.Icons.Legacy) == 0 || len(in.Icons.Foreground) == 0 || len(in.Icons.Monochrome) == 0 {
		return fault.Field("icons", "缺少应用图标", "The icons are missing")
	}
	if in.TrialCA != nil {
		if c, err := x509.ParseCertificate(in.TrialCA); err != nil || !c.IsCA {
			return fault.Field("trialCa", "试用证书须为一份 CA 证书（DER）", "The trial certificate must be an authority's, in DER")
		}
	}
	return nil
}
