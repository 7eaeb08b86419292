package config

import (
	"errors"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/telemetry"
)

// maxSecret bounds a file that holds a secret: whoever names a log by mistake is told.
const maxSecret = 64 << 10

// variable is ${NAME}.
var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// reveal fills in the settings that may stand elsewhere: ${NAME} in the environment, file:PATH in a file whose one line it
// is. A database's password so need not stand in the settings.
func (c *Config) reveal(dir string) (found []Problem) {
	for _, s := range c.secrets() {
		v, err := reveal(dir, s.value.Reveal())
		if err != nil {
			found = append(found, Problem{s.key, err.Error()})
			v = Default().of(s.key) // so that the same mistake is not reported twice
		}
		*s.value = telemetry.Secret(v)
	}
	v, err := reveal(dir, c.AWS.ExternalID)
	if err != nil {
		found = append(found, Problem{"aws.external_id", err.Error()})
		v = ""
	}
	c.AWS.ExternalID = v
	return found
}

// secret is one setting that may stand elsewhere.
type secret struct {
	key   string
	value *telemetry.Secret
}

func (c *Config) secrets() []secret {
	out := []secret{{"database", &c.Database}, {"bus", &c.Bus}, {"scim.token", &c.SCIM.Token}, {"pulse.url", &c.Pulse.URL}, {"subscriptions.key", &c.Subscriptions.Key}, {"auth.oidc.client_secret", &c.Auth.OIDC.Secret}}
	own := c.Notify.Secrets()
	for _, key := range slices.Sorted(maps.Keys(own)) {
		out = append(out, secret{"notify." + key, own[key]})
	}
	for i := range c.Webhooks { // an address often holds a secret too
		out = append(out, secret{at("webhooks", i) + ".url", &c.Webhooks[i].URL}, secret{at("webhooks", i) + ".secret", &c.Webhooks[i].Secret}, secret{at("webhooks", i) + ".former", &c.Webhooks[i].Former})
	}
	return out
}

func (c Config) of(key string) string {
	switch key {
	case "bus":
		return c.Bus.Reveal()
	case "database":
		return c.Database.Reveal()
	}
	return ""
}

func reveal(dir, value string) (string, error) {
	if path, ok := strings.CutPrefix(value, "file:"); ok {
		return firstLine(below(dir, path))
	}
	var missing []string
	out := variable.ReplaceAllStringFunc(value, func(ref string) string {
		name := ref[2 : len(ref)-1]
		v, ok := os.LookupEnv(name)
		if !ok || v == "" {
			missing = append(missing, ref)
		}
		return v
	})
	if len(missing) > 0 {
		return "", errors.New("the environment has no " + strings.Join(missing, ", ") + ": set it, or write file:PATH")
	}
	return out, nil
}

// firstLine is the content of a secret's file. Its errors name the path and never the content.
func firstLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(b), "\r\n")
	switch {
	case len(b) > maxSecret:
		return "", errors.New(path + " is too large for a secret")
	case text == "":
		return "", errors.New(path + " is empty")
	case strings.ContainsAny(text, "\r\n\x00"):
		return "", errors.New(path + " has more than one line: want the secret and nothing else")
	}
	return text, nil
}
