package filing

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"time"

	"gonghui/builder/input"
)

//go:embed page.html
var source string

var page = template.Must(template.New("filing").Parse(source))

// Page makes the sheet as a page of HTML that stands alone and prints on A4. What is wrong with the input is an error of
// fault.Field.
func Page(in Input) ([]byte, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	parts, err := in.parts()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, struct {
		Name, Body input.Text
		Icon       template.URL
		Day        string
		Parts      []part
	}{in.Name, in.Body, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(in.Icon)), in.Day.Format(time.DateOnly), parts})
	if err != nil {
		return nil, fmt.Errorf("filing: %w", err)
	}
	return b.Bytes(), nil
}
