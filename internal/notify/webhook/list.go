package webhook

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// List is all addresses of the settings.
type List []Config

// Find gives one by its name.
func (l List) Find(name string) (Config, error) {
	at := slices.IndexFunc(l, func(c Config) bool { return c.Name == name })
	if at < 0 {
		return Config{}, fault.New(fault.Invalid, "the settings have no webhook %q: add it to webhooks, with url and secret%s", name, l.there())
	}
	return l[at], nil
}

func (l List) there() string {
	if len(l) == 0 {
		return ""
	}
	var names []string
	for _, c := range l {
		names = append(names, c.Name)
	}
	return "; there are " + strings.Join(names, ", ")
}

// Knows says no where there is no webhook of that name.
func (l List) Knows(name string) error {
	_, err := l.Find(name)
	return err
}

// Post posts to one by its name, and gives what was answered.
func (l List) Post(ctx context.Context, name string, p notice.Post) (json.RawMessage, error) {
	c, err := l.Find(name)
	if err != nil {
		return nil, err
	}
	return c.Do(ctx, p)
}
