package least

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

//go:embed unlogged.txt
var unloggedText string

//go:embed companions.txt
var companionsText string

// unseen is why a log may not have an action.
type unseen uint8

const (
	seen   unseen = iota
	data          // only where the trail is told to log data events of the service
	unsure        // nobody says so for sure
	never         // in no log
)

// why says it in words.
func (u unseen) why() string {
	switch u {
	case data:
		return "logged as a data event only"
	case unsure:
		return "whether CloudTrail logs it is not documented"
	case never:
		return "CloudTrail does not log it"
	case seen:
	}
	return ""
}

// known is an action that there is.
type known struct {
	name   string // in small letters
	action *names.Action
	unseen unseen
}

// service is the name before the colon.
func (k *known) service() string { return serviceOf(k.name) }

func serviceOf(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return s
}

// catalogue is every action that there is, sorted by name in small letters.
type catalogue struct {
	all []known
	at  map[string]int
}

var open = sync.OnceValue(func() *catalogue {
	c := &catalogue{at: map[string]int{}}
	how := map[string][]row{}
	for _, r := range rows(unloggedText) {
		how[r[1]] = append(how[r[1]], r)
	}
	for _, service := range names.Services() {
		s, _ := names.Of(service)
		for name, a := range s.Actions {
			c.all = append(c.all, known{strings.ToLower(service) + ":" + name, a, hidden(how[service], name)})
		}
	}
	slices.SortFunc(c.all, func(a, b known) int { return strings.Compare(a.name, b.name) })
	for i := range c.all {
		c.at[c.all[i].name] = i
	}
	return c
})

// hidden looks a name up in the rows of its service.
func hidden(list []row, name string) unseen {
	out := seen
	for _, r := range list {
		for _, form := range r[2:] {
			if !policy.Like(strings.ToLower(form), name) {
				continue
			}
			out = max(out, map[string]unseen{"data": data, "unsure": unsure, "never": never}[r[0]])
		}
	}
	return out
}

// matching gives the indexes of the actions that a pattern in small letters matches.
func (c *catalogue) matching(p *policy.Pattern) []int {
	text := p.String()
	if i, ok := c.at[text]; ok {
		return []int{i}
	}
	list, from := c.all, 0
	if start := text[:wildAt(text)]; start != "" {
		from, _ = slices.BinarySearchFunc(c.all, start, func(k known, s string) int { return strings.Compare(k.name, s) })
		list = c.all[from:]
		end := slices.IndexFunc(list, func(k known) bool { return !strings.HasPrefix(k.name, start) })
		if end >= 0 {
			list = list[:end]
		}
	}
	var out []int
	for i := range list {
		if p.Fits(list[i].name) {
			out = append(out, from+i)
		}
	}
	return out
}

// wildAt is where the first wildcard of a text stands, or how long it is.
func wildAt(text string) int {
	if i := strings.IndexAny(text, "*?"); i >= 0 {
		return i
	}
	return len(text)
}

// proper is an action in the letters of AWS.
func proper(action string) string {
	if a, ok := names.Find(action); ok {
		return a.Name
	}
	return action
}

// companion are the actions that a call needs besides.
type companion struct {
	same bool
	list []string
}

var companions = sync.OnceValue(func() map[string][]companion {
	out := map[string][]companion{}
	for _, r := range rows(companionsText) {
		c := companion{same: r[1] == "same"}
		for _, name := range r[2:] {
			c.list = append(c.list, strings.ToLower(name))
		}
		key := strings.ToLower(r[0])
		out[key] = append(out[key], c)
	}
	return out
})

// row is a line of a table in words.
type row []string

// rows reads a table: comments begin with #.
func rows(text string) (out []row) {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(f[0], "#") {
			out = append(out, f)
		}
	}
	return out
}
