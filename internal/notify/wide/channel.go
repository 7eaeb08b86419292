package wide

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
	"github.com/nicholas-fedor/shoutrrr/pkg/util/jsonclient"

	"jobzero/internal/fault"
	"jobzero/internal/notify"
)

// Channel is one service.
type Channel struct {
	config  Config
	service *router.ServiceRouter
	err     error
	under   chan struct{} // calls under way: the library cannot be stopped, so that those that hang must not become many
}

var _ notify.Channel = (*Channel)(nil)

const (
	mostUnder = 4
	patience  = 30 * time.Second
	mostText  = 1900 // Discord takes 2000 characters, the fewest of all (discord.com/developers/docs/resources/message)
)

// New makes the channel of one service.
func New(c Config) *Channel {
	s, err := c.service()
	if s != nil {
		s.Timeout = patience
	}
	return &Channel{c, s, err, make(chan struct{}, mostUnder)}
}

// Name is how it is called.
func (c *Channel) Name() string { return c.config.Name }

// Personal says no: several read it.
func (c *Channel) Personal() bool { return false }

// Address is that of the settings.
func (c *Channel) Address(notify.Person) (notify.Address, error) {
	return notify.Address{To: c.config.Name, Shown: c.config.Name}, nil
}

// Send hands it to the service. There is no name for a repetition: after a process that died it may be there twice.
func (c *Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	if c.err != nil {
		return "", fault.New(fault.Invalid, "%s: %s", c.config.Name, c.config.without(c.err.Error()))
	}
	select {
	case c.under <- struct{}{}:
	default:
		return "", fault.New(fault.Unavailable, "%s: %d calls wait for an answer already", c.config.Name, mostUnder)
	}
	done := make(chan error, 1)
	text := harmless(l.Title + "\n\n" + l.Text)
	go func() { // it ends with the library's own patience, and nobody waits for it longer than ctx
		defer func() { <-c.under }()
		done <- errors.Join(c.service.Send(text, &types.Params{})...)
	}()
	select {
	case <-ctx.Done():
		return "", fault.New(fault.Unavailable, "%s does not answer in time", c.config.Name)
	case err := <-done:
		return "", c.refused(err)
	}
}

// said finds the status that a service answered, in the words in which the library hands it on; ntfy puts two digits of its own behind it.
var said = regexp.MustCompile(`(?i)(?:\(|http |status:? |status code:? )(4\d\d)(?:\d\d)?\b`)

// refused tells by the status of HTTP what is for good, as far as the library keeps it; all else may be tried again.
func (c *Channel) refused(err error) error {
	if err == nil {
		return nil
	}
	status := ""
	if j, ok := errors.AsType[jsonclient.Error](err); ok {
		status = strconv.Itoa(j.StatusCode)
	} else if m := said.FindStringSubmatch(err.Error()); m != nil {
		status = m[1]
	}
	code := fault.Unavailable
	if strings.HasPrefix(status, "4") && status != "408" && status != "429" {
		code = fault.Denied
	}
	return fault.New(code, "%s does not take it: %s", c.config.Name, c.config.without(err.Error()))
}

// harmless is text in which nothing calls everybody, and nothing is markup: services differ in how they would be escaped, and an invisible
// space behind "@" and "<" is text in all of them.
func harmless(s string) string {
	const space = "\u200b"
	if len(s) > mostText {
		s = strings.ToValidUTF8(s[:mostText], "") + " …"
	}
	return strings.NewReplacer("@", "@"+space, "<", "<"+space).Replace(s)
}
