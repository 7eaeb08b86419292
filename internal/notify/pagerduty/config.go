package pagerduty

import (
	"net"
	"net/url"
	"regexp"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is a service in PagerDuty; without a routing key there is none.
type Config struct {
	RoutingKey telemetry.Secret `yaml:"routing_key"` // of an integration Events API v2
	Endpoint   string           `yaml:"endpoint"`    // empty: https://events.pagerduty.com; in the EU https://events.eu.pagerduty.com
}

const usual = "https://events.pagerduty.com"

// keyForm is a routing key: 32 characters (PagerDuty's API refuses any other length).
var keyForm = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)

// Validate names the first thing that is wrong, with its key. The routing key is not repeated.
func (c Config) Validate() error {
	if c == (Config{}) {
		return nil
	}
	if !keyForm.MatchString(c.RoutingKey.Reveal()) {
		return fault.New(fault.Invalid, "routing_key: want the 32 characters of the integration key")
	}
	if c.Endpoint == "" {
		return nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" || u.Scheme != "https" && !net.ParseIP(u.Hostname()).IsLoopback() {
		return fault.New(fault.Invalid, "endpoint: want https://HOST, such as https://events.eu.pagerduty.com")
	}
	return nil
}
