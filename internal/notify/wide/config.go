package wide

import (
	"net/url"
	"slices"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is one service, which several read.
type Config struct {
	Name string           `yaml:"name"` // by which people call it
	URL  telemetry.Secret `yaml:"url"`  // such as telegram://TOKEN@telegram?chats=…
}

// ours are services for which there is a channel that can do more, or that are none.
func ours() map[string]string {
	return map[string]string{
		"smtp": "set notify.smtp", "slack": "set notify.slack", "pagerduty": "set notify.pagerduty", "generic": "name it among webhooks", "logger": "it tells nobody",
	}
}

// Validate names the first thing that is wrong, with its key. The address is not repeated: it holds secrets.
func (c Config) Validate() error {
	u, err := url.Parse(c.URL.Reveal())
	if err != nil || u.Scheme == "" {
		return fault.New(fault.Invalid, "url: want an address such as ntfy://ntfy.example.com/topic: docs/how-to/notifications.md")
	}
	scheme, _, _ := strings.Cut(strings.ToLower(u.Scheme), "+")
	if instead, ok := ours()[scheme]; ok {
		return fault.New(fault.Invalid, "url: not %s: %s", scheme, instead)
	}
	known := (&router.ServiceRouter{}).ListServices()
	if !slices.Contains(known, scheme) {
		slices.Sort(known)
		known = slices.DeleteFunc(known, func(s string) bool { _, own := ours()[s]; return own })
		return fault.New(fault.Invalid, "url: %s: no such service: want one of %s", scheme, strings.Join(known, ", "))
	}
	if _, err := c.service(); err != nil {
		return fault.New(fault.Invalid, "url: %s refuses it: %s", scheme, c.without(err.Error()))
	}
	return nil
}

func (c Config) service() (*router.ServiceRouter, error) { return router.New(nil, c.URL.Reveal()) }

// without is a text of the library without anything that stands in the address.
func (c Config) without(text string) string {
	const (
		secret = "[secret]"
		least  = 4 // shorter parts are words such as "v1", and no secrets
		most   = 300
	)
	text = strings.ReplaceAll(text, c.URL.Reveal(), secret)
	raw, err := url.PathUnescape(c.URL.Reveal())
	if err != nil {
		raw = ""
	}
	_, rest, _ := strings.Cut(c.URL.Reveal()+" "+raw, "://")
	parts := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("/?&=@:, ", r) })
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) }) // the longest first: one may hold another
	for _, p := range parts {
		if len(p) >= least {
			text = strings.ReplaceAll(text, p, secret)
		}
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return strings.Join(strings.Fields(text), " ")
}
