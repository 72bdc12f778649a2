package access

import (
	"strings"
	"sync"

	"gonghui/app/module"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
)

// declared is what the modules of the product say of rights.
type declared struct {
	*policy.Capabilities
	infos   []*module.Capability
	modules []*module.Info            // of each capability
	entries map[string][]source.Entry // by built-in role
	duties  map[string]string         // by capability
}

// product reads the modules once, after all of them are registered.
var product = sync.OnceValue(func() *declared {
	d := &declared{entries: map[string][]source.Entry{}, duties: map[string]string{}}
	var atoms []policy.Atom
	for _, info := range module.All() {
		for i := range info.Capabilities {
			c := &info.Capabilities[i]
			level, _ := policy.ParseLevel(c.Level)
			atoms = append(atoms, policy.Atom{Name: c.Name, Duty: c.Duty, Level: level})
			d.infos, d.modules = append(d.infos, c), append(d.modules, info)
			for _, role := range c.Roles {
				d.say(role, c.Name)
			}
			if c.Duty == "" {
				d.say(source.Business, c.Name)
			} else {
				d.duties[c.Name] = c.Duty
			}
		}
	}
	d.Capabilities = policy.NewCapabilities(atoms)
	return d
})

// narrowed reports whether who holds a capability in part may be let in: its handlers cut what they show, or it is one that a member
// holds by his place.
func (d *declared) narrowed(capability int32, role string) bool {
	c := d.infos[capability]
	return len(c.Parts) > 0 || role == "member" && c.HeldBy(role)
}

func (d *declared) say(role, capability string) {
	d.entries[role] = append(d.entries[role], source.Entry{Role: role, Capability: capability, Level: policy.Full})
}

// find returns what a module declares of a capability, or nil.
func find(capability string) *module.Capability {
	name, _, _ := strings.Cut(capability, ".")
	if info := module.Named(name); info != nil {
		return info.Capability(capability)
	}
	return nil
}
