package access

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/tenant"
)

// holding is what the events of appointments say. Days are by the clock of Asia/Shanghai.
type holding struct {
	Officer uuid.UUID `json:"officer"`
	Post    uuid.UUID `json:"post"`
	From    string    `json:"from"`
	To      string    `json:"to"`
}

// holders keeps who holds which post, from the news of appointments: rights that are granted to a post go with it.
func holders() tenant.Consumer {
	return tenant.Consumer{
		Name:  "access.holders",
		Kinds: []string{"org.appointed", "org.appointment_ended"},
		Take: func(ctx context.Context, db tenant.DBTX, events []tenant.Logged) error {
			for _, e := range events {
				var h holding
				if err := json.Unmarshal(e.Data, &h); err != nil || e.Subject == nil {
					return fmt.Errorf("access: event %d: %s: %w", e.Seq, e.Kind, err)
				}
				from, to := midnight(h.From), midnight(h.To)
				if from == nil {
					from = &e.At // of an appointment from before days were told
				}
				if to != nil && !to.After(*from) {
					to = from
				}
				if to == nil && e.Kind == "org.appointment_ended" {
					to = &e.At
				}
				_, err := db.Exec(ctx, `insert into platform.post_holder (appointment_id, body_id, post_id, officer_id, valid_from, valid_to)
					select $1, b.id, $3, $4, $5, $6 from platform.body b where b.code = $2
					on conflict (appointment_id) do update set valid_from = excluded.valid_from, valid_to = excluded.valid_to`,
					*e.Subject, e.Tenant, h.Post, h.Officer, from, to)
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// midnight is when a day begins in Asia/Shanghai; nil for none.
func midnight(s string) *time.Time {
	d, ok := day.Parse(s)
	if !ok {
		return nil
	}
	d = d.Add(-8 * time.Hour)
	return &d
}
