package least

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Use is what somebody did with one resource, or one group of them.
type Use struct {
	Action string // service:Name
	// Resource is an ARN, * of an action that has none, or empty where it is not known. One that ends in * is how ARNs begin.
	Resource       string
	Count, Refused int // calls, and those among them that were refused
	First, Last    time.Time
}

// Went reports whether any call of it was let through.
func (u Use) Went() bool { return u.Count > u.Refused }

// maxUses bounds what is read of one principal.
const maxUses = 1_000_000

// maxLine is how long a line of uses may be, in bytes.
const maxLine = 1 << 20

// line is a use in a file, with whose it is.
type line struct {
	Principal string
	Use
}

// ReadUses reads uses of principals: one JSON object a line, {"Principal", "Action", "Resource", "Count", "Refused", "First", "Last"}. A line
// without a Principal is of everybody who is asked about, and stands under the empty name. An error is fault.Invalid and has file and line.
func ReadUses(name string, r io.Reader) (map[string][]Use, error) {
	out := map[string][]Use{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		n++
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		if n > maxUses {
			return nil, fault.New(fault.Invalid, "%s:%d: there are more than %d lines: give those of fewer principals", name, n, maxUses)
		}
		var w line
		if err := json.Unmarshal(text, &w); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s:%d: want one JSON object a line with Action, Resource and Count", name, n)
		}
		if wrong := w.wrong(); wrong != "" {
			return nil, fault.New(fault.Invalid, "%s:%d: %s", name, n, wrong)
		}
		out[w.Principal] = append(out[w.Principal], w.Use)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fault.New(fault.Invalid, "%s:%d: the line is longer than %d bytes: want one use a line", name, n+1, maxLine)
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s:%d: read the uses", name, n+1)
	}
	return out, nil
}

// wrong says in words what is wrong with a use.
func (u Use) wrong() string {
	service, action, ok := strings.Cut(u.Action, ":")
	switch {
	case !ok || service == "" || action == "" || strings.ContainsAny(u.Action, "*? "):
		return "Action " + short(u.Action) + ": want service:Name, such as s3:GetObject"
	case u.Count < 1 || u.Refused < 0 || u.Refused > u.Count:
		return "want Count of at least 1, and Refused of 0 up to Count"
	case u.Resource != "" && u.Resource != "*" && !strings.HasPrefix(u.Resource, "arn:"):
		return "Resource " + short(u.Resource) + ": want an ARN, * of an action that has none, or nothing where it is not known"
	}
	return ""
}

// short quotes a text of somebody else, as far as an error has room.
func short(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return `"` + s + `"`
}
