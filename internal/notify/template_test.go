package notify_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

func TestOurTemplates(t *testing.T) {
	all, err := notify.BuiltinTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range notice.Kinds() {
		m := notice.Message{Occasion: "o", Kind: k, Severity: finding.High, Title: "Key\nis leaked", Text: "Look <b>at</b> it.", Ticket: "01J", Facts: []notice.Fact{{Name: "Account", Text: "111122223333"}}}
		title, short, text, err := all.Write(m)
		if err != nil || !strings.Contains(title, "Key is leaked") || !strings.Contains(short, "Key is leaked") || !strings.Contains(text, "Look <b>at</b> it.") || !strings.Contains(text, "Account: 111122223333") {
			t.Errorf("%s: %q, %q, %q, %v", k, title, short, text, err)
		}
	}
}

const whole = `{{define "title"}}T{{end}}{{define "short"}}S{{end}}`

// TestAWrongTemplateIsRefused when it is read, also where it is wrong in a branch that no sample comes by.
func TestAWrongTemplateIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		whole: `{{define "text"}} is missing`,
		whole + `{{define "text"}}{{.Heading}}{{end}}`:                                           `has no "Heading"`,
		whole + `{{define "text"}}{{if eq .Kind "never"}}{{.Heading}}{{end}}{{end}}`:             `has no "Heading"`,
		whole + `{{define "text"}}{{range $f := .Facts}}{{with $f.Called}}{{end}}{{end}}{{end}}`: `has no "Called"`,
		whole + `{{define "text"}}{{template "other" .Tx}}{{end}}{{define "other"}}{{end}}`:      `has no "Tx"`,
		whole + `{{define "text"}}{{(index .Facts 0).Nome}}{{end}}`:                              `has no "Nome"`,
		whole + `{{define "text"}}{{index .Facts 0}}{{end}}`:                                     "page.txt",
		whole + `{{define "text"}}{{.Title`:                                                      "page.txt:1",
		whole + `{{define "text"}}{{shell "rm"}}{{end}}`:                                         `"shell" not defined`,
	} {
		_, err := notify.LoadTemplates(fstest.MapFS{"page.txt": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := notify.LoadTemplates(fstest.MapFS{"pages.txt": {}}); err == nil || !strings.Contains(err.Error(), "there is no such kind") {
		t.Errorf("a name that is no kind: %v", err)
	}
}

func TestATemplateThatGrowsIsCut(t *testing.T) {
	loop := `{{define "title"}}{{range .Buttons}}{{range $.Buttons}}{{range $.Buttons}}äääää{{end}}{{end}}{{end}}{{end}}{{define "short"}}S{{end}}{{define "text"}}T{{end}}`
	all, err := notify.LoadTemplates(fstest.MapFS{"page.txt": {Data: []byte(loop)}})
	if err != nil {
		t.Fatal(err)
	}
	title, _, _, err := all.Write(notice.Message{Kind: notice.Page, Buttons: notice.Deeds()})
	if err != nil || len(title) > 400 || !utf8.ValidString(title) || len(title) < 390 {
		t.Errorf("%d bytes, %v", len(title), err)
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(whole + `{{define "text"}}{{.Title}}{{range .Facts}}{{.Name}}{{end}}{{end}}`)
	f.Add(`{{define "title"}}{{break}}{{end}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "template") { // a template may call itself until the stack ends, which the library counts
			return
		}
		one, err := notify.ParseTemplate("page.txt", []byte(text))
		if err == nil && one.Lookup("short") == nil {
			t.Error("a template without short was taken")
		}
	})
}
