package branding

import (
	"fmt"
	"slices"

	"gonghui/app/kit/fault"
	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// A row at the foot of a phone holds so many tabs.
const (
	fewestTabs = 2
	mostTabs   = 5
)

// tabs is the row at the foot of the members' app, by keys of module.Info.Tabs.
type tabs struct {
	Keys []string `json:"keys"`
}

// declared is a tab and the module that brings it.
type declared struct {
	module.Tab
	info *module.Info
}

// allTabs are those of all modules, in the product's order.
func allTabs() (out []declared) {
	for _, info := range module.All() {
		for _, t := range info.Tabs {
			out = append(out, declared{t, info})
		}
	}
	slices.SortStableFunc(out, func(a, b declared) int { return a.Order - b.Order })
	return out
}

func presetTabs() *tabs {
	t := &tabs{}
	for _, d := range allTabs() {
		if d.Preset {
			t.Keys = append(t.Keys, d.Key)
		}
	}
	return t
}

// readTabs checks a row that somebody arranged.
func readTabs(keys []string) (*tabs, error) {
	all := allTabs()
	for n, key := range keys {
		if !slices.ContainsFunc(all, func(d declared) bool { return d.Key == key }) {
			return nil, fault.Field(fmt.Sprintf("profile.tabs.keys[%d]", n), "没有这个页面，请重新选择", "there is no such page; choose again")
		}
		if slices.Contains(keys[:n], key) {
			return nil, fault.Field(fmt.Sprintf("profile.tabs.keys[%d]", n), "页面重复，请去掉一个", "the page stands there twice; take one away")
		}
	}
	if len(keys) < fewestTabs || len(keys) > mostTabs {
		return nil, fault.Field("profile.tabs.keys", fmt.Sprintf("底部标签须有 %d 到 %d 个", fewestTabs, mostTabs),
			fmt.Sprintf("the row takes %d to %d tabs", fewestTabs, mostTabs))
	}
	for _, d := range all {
		if d.Fixed && !slices.Contains(keys, d.Key) {
			return nil, fault.Field("profile.tabs.keys", "“"+d.Title.Zh+"”不能去掉", d.Title.En+" cannot be taken away")
		}
	}
	return &tabs{slices.Clone(keys)}, nil
}

// row are the tabs of a body in their order, without those of modules that it has switched off.
func row(t *tenant.Tenant, chosen *tabs) (out []*brandingv1.BrandingTab) {
	if chosen == nil {
		chosen = presetTabs()
	}
	all := allTabs()
	for _, key := range chosen.Keys {
		if n := slices.IndexFunc(all, func(d declared) bool { return d.Key == key }); n >= 0 && (all[n].info.Core || t.On[all[n].info.Name]) {
			out = append(out, tab(all[n].Tab))
		}
	}
	return out
}

// offered are all tabs that a body can choose.
func offered(t *tenant.Tenant) (out []*brandingv1.BrandingTab) {
	for _, d := range allTabs() {
		if d.info.Core || t.On[d.info.Name] {
			out = append(out, tab(d.Tab))
		}
	}
	return out
}

func tab(t module.Tab) *brandingv1.BrandingTab {
	return &brandingv1.BrandingTab{
		Key: t.Key, Path: t.Path, Icon: t.Icon, TitleZh: t.Title.Zh, TitleEn: t.Title.En, Capability: t.Capability, Fixed: t.Fixed,
	}
}
