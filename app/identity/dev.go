package identity

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"

	"gonghui/app/identity/sms"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
)

//go:embed inbox.html
var inboxSource string

var inboxPage = template.Must(template.New("inbox").Parse(inboxSource))

// devInbox shows the messages of a demo system.
type devInbox struct{ *sms.Inbox }

// mount offers the inbox on every host of the demo system; elsewhere its routes do not exist.
func (d devInbox) mount(r module.Routes) {
	r.Handle(http.MethodGet, "/v1/dev/messages", "public", modulev1.Realm_REALM_ANY, d.list)
	r.Handle(http.MethodGet, "/dev/inbox", "public", modulev1.Realm_REALM_ANY, module.Answers(d.page))
}

func (d devInbox) list(w http.ResponseWriter, r *http.Request) error {
	all, err := d.Messages(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"messages": all})
	return nil
}

// shown is a message on the page.
type shown struct{ Phone, Text, Code, At, Stamp string }

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// page is plain HTML that loads itself anew every three seconds. ?lang=en or the browser chooses the language.
func (d devInbox) page(w http.ResponseWriter, r *http.Request) {
	all, err := d.Messages(r.Context())
	if err != nil {
		http.Error(w, "收件箱暂时打不开 · the inbox cannot be opened just now", http.StatusServiceUnavailable)
		return
	}
	lang := r.URL.Query().Get("lang")
	if lang != "zh" && lang != "en" {
		lang = "zh"
		if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
			lang = "en"
		}
	}
	rows := make([]shown, 0, len(all))
	for _, m := range all {
		row := shown{m.Phone, m.TextZh, m.Params["code"], m.At.In(shanghai).Format("01-02 15:04:05"), m.At.Format(time.RFC3339)}
		if lang == "en" {
			row.Text = m.TextEn
		}
		rows = append(rows, row)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_ = inboxPage.Execute(w, map[string]any{"English": lang == "en", "Lang": lang, "Messages": rows})
}
