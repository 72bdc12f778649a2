package rollup

import (
	"context"

	"gonghui/app/module"
	rollupv1 "gonghui/tenant/rollup/v1"
)

// ListMetrics returns the figures that the modules declare.
func (s *Service) ListMetrics(context.Context, *rollupv1.ListMetricsRequest) (*rollupv1.ListMetricsReply, error) {
	reply := &rollupv1.ListMetricsReply{}
	for _, m := range metrics() {
		reply.Metrics = append(reply.Metrics, &rollupv1.Metric{
			Name: m.Name, TitleZh: m.Title.Zh, TitleEn: m.Title.En, DefinitionZh: m.Definition.Zh, DefinitionEn: m.Definition.En,
			UnitZh: m.Unit.Zh, UnitEn: m.Unit.En,
		})
	}
	return reply, nil
}

// metrics are those of all modules, in the modules' order.
func metrics() []module.Metric {
	var all []module.Metric
	for _, info := range module.All() {
		all = append(all, info.Metrics...)
	}
	return all
}

func declared(name string) bool {
	for _, m := range metrics() {
		if m.Name == name {
			return true
		}
	}
	return false
}
