package notify

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"path"
	"strings"
	"text/template"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
)

//go:embed templates/*.txt
var builtin embed.FS

// Templates are how messages read, by their kind. Those that somebody wrote take the place of ours.
type Templates struct {
	of map[notice.Kind]*template.Template
}

// parts are what each template defines.
var parts = []string{"title", "short", "text"}

// most are the bytes that a part may become.
var most = map[string]int{"title": 400, "short": 600, "text": 32 << 10}

const mostTemplate = 64 << 10

// BuiltinTemplates are ours.
func BuiltinTemplates() (*Templates, error) { return LoadTemplates(nil) }

// LoadTemplates reads ours, and over them those of a folder, KIND.txt each; nil: there is none. A field that a message does not have is an
// error now, in whichever branch it stands.
func LoadTemplates(own fs.FS) (*Templates, error) {
	out := &Templates{of: map[notice.Kind]*template.Template{}}
	if own != nil {
		if err := known(own); err != nil {
			return nil, err
		}
	}
	for _, k := range notice.Kinds() {
		name := string(k) + ".txt"
		text, err := fs.ReadFile(builtin, path.Join("templates", name))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read our template %s", name)
		}
		if own != nil {
			mine, err := fs.ReadFile(own, name)
			switch {
			case err == nil:
				text = mine
			case !errors.Is(err, fs.ErrNotExist):
				return nil, fault.Wrap(fault.Invalid, err, "template %s", name)
			}
		}
		if out.of[k], err = ParseTemplate(name, text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// known refuses files that no kind of message would ever use: a mistyped name would otherwise change nothing and say nothing.
func known(own fs.FS) error {
	all, err := fs.ReadDir(own, ".")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "notify.templates")
	}
	for _, e := range all {
		kind, txt := strings.CutSuffix(e.Name(), ".txt")
		found := false
		for _, k := range notice.Kinds() {
			found = found || string(k) == kind
		}
		if txt && !found {
			return fault.New(fault.Invalid, "template %s: there is no such kind of message: want page.txt, handoff.txt, approval.txt, report.txt or digest.txt", e.Name())
		}
	}
	return nil
}

// ParseTemplate reads one, and tries it.
func ParseTemplate(name string, text []byte) (*template.Template, error) {
	if len(text) > mostTemplate {
		return nil, fault.New(fault.Invalid, "template %s: %d bytes, more than %d", name, len(text), mostTemplate)
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"instant": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		"upper":   strings.ToUpper,
	}).Parse(string(text))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "template")
	}
	for _, p := range parts {
		if t.Lookup(p) == nil {
			return nil, fault.New(fault.Invalid, `template %s: {{define %q}} is missing: want title, short and text`, name, p)
		}
	}
	if err := fields(t); err != nil {
		return nil, err
	}
	for _, m := range samples() {
		if _, _, _, err := write(t, m); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "template")
		}
	}
	return t, nil
}

// samples are a message with everything, and one with as little as there can be.
func samples() []notice.Message {
	return []notice.Message{
		{
			Occasion: "o", Thread: "t", Kind: notice.Page, Severity: finding.High, Title: "title", Text: "text", Facts: []notice.Fact{{Name: "name", Text: "text"}},
			Link: "https://jobzero.example.com/", Ticket: "01J", About: "a", Buttons: notice.Deeds(), Until: time.Unix(1_800_000_000, 0),
		},
		{Occasion: "o", Kind: notice.Digest, Title: "title"},
	}
}

// Write makes what a channel is given of a message.
func (t *Templates) Write(m notice.Message) (title, short, text string, err error) {
	one := t.of[m.Kind]
	if one == nil {
		return "", "", "", fault.New(fault.Internal, "there is no template for %q", m.Kind)
	}
	return write(one, m)
}

func write(t *template.Template, m notice.Message) (title, short, text string, err error) {
	var out [3]string
	for i, p := range parts {
		b := limited{left: most[p]}
		if err := t.ExecuteTemplate(&b, p, m); err != nil && !b.full {
			return "", "", "", err
		}
		out[i] = strings.TrimSpace(strings.ToValidUTF8(b.text.String(), ""))
	}
	return strings.Join(strings.Fields(out[0]), " "), strings.Join(strings.Fields(out[1]), " "), out[2], nil
}

// limited takes so much and no more: a template may loop.
type limited struct {
	text bytes.Buffer
	left int
	full bool
}

var errFull = errors.New("the text is too long")

// Write takes what there is room for.
func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		l.text.Write(p[:l.left])
		l.left, l.full = 0, true
		return 0, errFull
	}
	l.left -= len(p)
	return l.text.Write(p)
}
