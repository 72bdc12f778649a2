package branding

import (
	"slices"

	"gonghui/app/kit/fault"
	brandingv1 "gonghui/branding/v1"
)

// languages are those in which a body offers its apps.
type languages struct {
	Offered []string `json:"offered"`
	Preset  string   `json:"preset,omitempty"` // "" for the device's own
}

func (l *languages) equal(o *languages) bool {
	return l.Preset == o.Preset && slices.Equal(slices.Sorted(slices.Values(l.Offered)), slices.Sorted(slices.Values(o.Offered)))
}

func readLanguages(in *brandingv1.BrandingLanguages) (*languages, error) {
	for _, one := range in.Offered {
		if one != "zh" && one != "en" {
			return nil, fault.Field("profile.languages.offered", "没有这种语言", "there is no such language")
		}
	}
	if in.Preset != "" && !slices.Contains(in.Offered, in.Preset) {
		return nil, fault.Field("profile.languages.preset", "默认语言须是提供的语言之一", "the apps start in one of the languages offered")
	}
	return &languages{Offered: slices.Compact(slices.Sorted(slices.Values(in.Offered))), Preset: in.Preset}, nil
}
