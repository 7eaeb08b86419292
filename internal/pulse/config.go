package pulse

import (
	"net/url"
	"regexp"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config says how it is told outside that jobzero is well. Its zero value tells nobody.
type Config struct {
	URL    telemetry.Secret `yaml:"url"`    // of a health check that is asked for each minute; empty: none
	Method string           `yaml:"method"` // GET or POST
	Metric Watch            `yaml:"metric"`
	Every  time.Duration    `yaml:"every"`
	Stuck  time.Duration    `yaml:"stuck"` // how long work may be due that nobody takes up
}

// Watch is the metric of CloudWatch.
type Watch struct {
	Namespace string `yaml:"namespace"` // empty: no metric
	Region    string `yaml:"region"`    // empty: the hub's own
	House     string `yaml:"house"`     // tells several jobzeros of one account apart
}

// DefaultConfig is what an empty file means.
func DefaultConfig() Config {
	return Config{Method: "GET", Every: time.Minute, Stuck: 15 * time.Minute}
}

var (
	// nameForm is what PutMetricData takes (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html), in one word.
	nameForm   = regexp.MustCompile(`^[A-Za-z0-9_./#-]{1,255}$`)
	regionForm = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

// Validate names the first thing that is wrong.
func (c Config) Validate() error {
	if u, err := url.Parse(c.URL.Reveal()); c.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return fault.New(fault.Invalid, "pulse.url: want an address such as https://health.example.com/ping/ID") // it may hold a secret
	}
	switch {
	case c.Method != "GET" && c.Method != "POST":
		return fault.New(fault.Invalid, "pulse.method: %q: use GET or POST", c.Method)
	case c.Every < time.Second || c.Every > time.Hour:
		return fault.New(fault.Invalid, "pulse.every: %s: want 1s to 1h", c.Every)
	case c.Stuck < time.Minute || c.Stuck > 24*time.Hour:
		return fault.New(fault.Invalid, "pulse.stuck: %s: want 1m to 24h", c.Stuck)
	case c.Metric.Namespace != "" && !nameForm.MatchString(c.Metric.Namespace):
		return fault.New(fault.Invalid, "pulse.metric.namespace: %q: want letters, digits and ._/#-", c.Metric.Namespace)
	case c.Metric.House != "" && !nameForm.MatchString(c.Metric.House):
		return fault.New(fault.Invalid, "pulse.metric.house: %q: want letters, digits and ._/#-", c.Metric.House)
	case c.Metric.Region != "" && !regionForm.MatchString(c.Metric.Region):
		return fault.New(fault.Invalid, "pulse.metric.region: %q: want a region such as eu-central-1", c.Metric.Region)
	}
	return nil
}

// On reports whether anybody outside is told.
func (c Config) On() bool { return c.URL != "" || c.Metric.Namespace != "" }
