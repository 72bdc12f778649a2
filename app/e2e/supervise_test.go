package e2e_test

import (
	"net/http"
	"slices"
	"testing"
)

// supervised are the messages whose id is that of a request or a rule between bodies.
var supervised = map[string]string{
	"GetAskedRequest": "supervision", "EndAskedRequest": "supervision", "ListDetailsRequest": "supervision", "EnterBodyRequest": "supervision",
	"DecideSupervisionRequest": "supervision", "EndIncomingRequest": "supervision", "DeleteSupervisionRuleRequest": "supervision_rule",
	"OpenAssistanceRequest": "identity",
}

// plantSupervision lets the province ask the body for sight of its records, and the body make a rule.
func (r *run) plantSupervision(t *testing.T, p *planted, purpose string) {
	t.Helper()
	above, admin := r.signedIn(t, "supervisor", province), r.signedIn(t, "admin", p.code)
	var asked struct{ Requests []struct{ ID, State string } }
	ask := map[string]any{"bodyCode": p.code, "kind": "details", "capability": "member.read", "purposeKind": "audit", "purpose": purpose, "minutes": 60}
	for range 2 { // what an earlier planting left is as good
		above.Must(t, http.MethodGet, "/v1/supervision/requests?bodyCode="+p.code, nil, &asked)
		if len(asked.Requests) > 0 && slices.Contains([]string{"open", "running"}, asked.Requests[0].State) {
			break
		}
		above.Must(t, http.MethodPost, "/v1/supervision/requests", ask, nil)
	}
	p.ids["supervision"] = asked.Requests[0].ID
	var rules struct {
		Rules []struct {
			ID  string
			Own bool
		}
	}
	for range 2 {
		admin.Must(t, http.MethodGet, "/v1/supervision/rules", nil, &rules)
		if len(rules.Rules) > 0 && rules.Rules[0].Own {
			break
		}
		admin.Must(t, http.MethodPost, "/v1/supervision/rules", map[string]any{"purposeKind": "inspection", "maxDays": 1}, nil)
	}
	p.ids["supervision_rule"] = rules.Rules[0].ID
}
