package least

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// Declared is what somebody says that he needs.
type Declared struct {
	Action   string // service:Name, with * and ?
	Resource string // a pattern of ARNs; empty: any that he may use now
	Line     int
}

// maxDeclared bounds a list: nobody reads a longer one.
const maxDeclared = 10_000

// ReadDeclared reads a list of needs: lines of an action and, where one likes, a resource; # begins a comment. An error is fault.Invalid and
// has file and line.
func ReadDeclared(name string, r io.Reader) ([]Declared, error) {
	var out []Declared
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		text := lines.Text()
		if at := strings.IndexByte(text, '#'); at == 0 || at > 0 && strings.ContainsRune(" \t", rune(text[at-1])) {
			text = text[:at]
		}
		f := strings.Fields(text)
		if len(f) == 0 {
			continue
		}
		d := Declared{Action: f[0], Line: n}
		if len(f) > 1 {
			d.Resource = f[1]
		}
		if wrong := d.wrong(len(f)); wrong != "" {
			return nil, fault.New(fault.Invalid, "%s:%d: %s", name, n, wrong)
		}
		if out = append(out, d); len(out) > maxDeclared {
			return nil, fault.New(fault.Invalid, "%s:%d: there are more than %d lines: write patterns with *", name, n, maxDeclared)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fault.New(fault.Invalid, "%s:%d: the line is too long: want an action and a resource", name, n+1)
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s:%d: read the declared list", name, n+1)
	}
	return out, nil
}

// wrong says in words what is wrong with a line of so many words.
func (d Declared) wrong(words int) string {
	service, action, ok := strings.Cut(d.Action, ":")
	switch {
	case words > 2:
		return "want an action and at most one resource"
	case !ok || service == "" || action == "":
		return "action " + short(d.Action) + ": want service:Name, such as s3:GetObject or s3:Get*"
	case d.Resource != "" && !strings.HasPrefix(d.Resource, "arn:") && d.Resource != "*":
		return "resource " + short(d.Resource) + ": want an ARN, with * and ? where you like"
	}
	if strings.ContainsAny(service, "*?") {
		return ""
	}
	s, known := names.Of(service)
	if !known {
		return "no service is called " + short(service)
	}
	for name := range s.Actions {
		if policy.Like(strings.ToLower(action), name) {
			return ""
		}
	}
	return "no action of " + service + " is called " + short(action)
}
