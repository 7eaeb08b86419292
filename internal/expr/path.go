package expr

import (
	"strconv"
	"strings"
	"sync"

	"jobzero/internal/fault"
)

// path is the name of a part of the input: a variable and steps into it.
type path struct {
	text     string
	variable string
	steps    []any // string, int64, wild or more
}

// wild is every element, and more is what a list may have besides those that it has.
type (
	wild struct{}
	more struct{}
)

// parsePath reads a path. What stands behind the first step that it cannot read is left away: the path then names more than
// was meant, and unknown too much is safe where unknown too little is not.
func parsePath(text string) (path, error) {
	p := path{text: text}
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	if p.variable = text[:end]; p.variable == "" {
		return p, fault.New(fault.Invalid, "unknown path %q: want a variable first, such as resource.properties", text)
	}
	for rest := text[end:]; rest != ""; {
		step, after, ok := nextStep(rest)
		if !ok {
			break
		}
		p.steps = append(p.steps, step)
		rest = after
	}
	return p, nil
}

// moreStep is the last step of a path that names more elements of a list.
const moreStep = "[+]"

// nextStep reads .name, .0, .*, [0], [*], [+] or ["any name"].
func nextStep(s string) (step any, rest string, ok bool) {
	switch {
	case strings.HasPrefix(s, `["`):
		quoted, err := strconv.QuotedPrefix(s[1:])
		if err != nil || !strings.HasPrefix(s[1+len(quoted):], "]") {
			return nil, "", false
		}
		name, err := strconv.Unquote(quoted)
		return name, s[2+len(quoted):], err == nil
	case s[0] == '[':
		index, rest, found := strings.Cut(s[1:], "]")
		return plain(index), rest, found && index != ""
	case s[0] == '.':
		s = s[1:]
		end := strings.IndexAny(s, ".[")
		if end < 0 {
			end = len(s)
		}
		return plain(s[:end]), s[end:], end > 0
	}
	return nil, "", false
}

func plain(s string) any {
	switch s {
	case "*":
		return wild{}
	case "+":
		return more{}
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i
	}
	return s
}

// ditch is a hole with its path read and its gap made; it is immutable.
type ditch struct {
	path path
	gap  Gap
}

// site is what makes a hole what it is.
type site struct{ in, path, marks string }

// ditches are those that were dug: a million resources of one type have the same few. No more than maxDug are kept.
var ditches = struct {
	sync.RWMutex
	dug map[site]ditch
}{dug: map[site]ditch{}}

const maxDug = 10_000

func dig(h Hole) (ditch, error) {
	at := site{in: h.In, path: h.Path}
	if len(h.Marks) > 0 {
		at.marks = strings.Join(h.Marks, " ")
	}
	ditches.RLock()
	d, ok := ditches.dug[at]
	ditches.RUnlock()
	if ok {
		return d, nil
	}
	h.Path, h.In = h.whole(), ""
	p, err := parsePath(h.Path)
	if err != nil {
		return ditch{}, err
	}
	d = ditch{p, gap(h)}
	ditches.Lock()
	defer ditches.Unlock()
	if len(ditches.dug) < maxDug {
		ditches.dug[site{strings.Clone(at.in), strings.Clone(at.path), at.marks}] = d
	}
	return d, nil
}
