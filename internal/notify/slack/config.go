package slack

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is the app in Slack; without a token there is none.
type Config struct {
	Token    telemetry.Secret `yaml:"token"`     // of the bot, xoxb-…
	AppToken telemetry.Secret `yaml:"app_token"` // for Socket Mode, xapp-…; empty: messages have no buttons and nothing is heard
	Endpoint string           `yaml:"endpoint"`  // empty: https://slack.com/api/
}

// patience is how long one call may take.
const patience = 20 * time.Second

// Validate names the first thing that is wrong, with its key. Tokens are not repeated.
func (c Config) Validate() error {
	switch {
	case c.Token == "" && c.AppToken == "" && c.Endpoint == "":
		return nil
	case !strings.HasPrefix(c.Token.Reveal(), "xoxb-"):
		return fault.New(fault.Invalid, "token: want the bot's token of the app, which begins with xoxb-")
	case c.AppToken != "" && !strings.HasPrefix(c.AppToken.Reveal(), "xapp-"):
		return fault.New(fault.Invalid, "app_token: want a token of the app itself with connections:write, which begins with xapp-")
	}
	if c.Endpoint == "" {
		return nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Hostname() == "" || u.User != nil || !strings.HasSuffix(u.Path, "/") || u.Scheme != "https" && !local(u) {
		return fault.New(fault.Invalid, "endpoint: want https://HOST/PATH/, such as https://slack-gov.com/api/")
	}
	return nil
}

func local(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

// client speaks to the Web API.
func (c Config) client() *slack.Client {
	options := []slack.Option{
		slack.OptionAppLevelToken(c.AppToken.Reveal()), slack.OptionLog(silent{}),
		slack.OptionHTTPClient(&http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}),
	}
	if c.Endpoint != "" {
		options = append(options, slack.OptionAPIURL(c.Endpoint))
	}
	return slack.New(c.Token.Reveal(), options...)
}

// silent takes the lines that the library would write to the standard error, which may hold what people wrote.
type silent struct{}

// Output drops a line.
func (silent) Output(int, string) error { return nil }
