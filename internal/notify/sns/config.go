package sns

import (
	"regexp"

	"jobzero/internal/fault"
)

// Config is how text messages are sent; without a region there are none.
type Config struct {
	Region string `yaml:"region"` // in which AWS sends them, such as eu-central-1
	Sender string `yaml:"sender"` // what phones show, where a country allows it
	Price  string `yaml:"price"`  // the most that one may cost, in US dollars, such as "0.50"; empty: as the account says
}

var (
	regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
	// A sender ID has 1 to 11 letters and digits, and a letter at least (docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html).
	senderForm = regexp.MustCompile(`^[A-Za-z0-9]{0,10}[A-Za-z][A-Za-z0-9]{0,10}$`)
	priceForm  = regexp.MustCompile(`^\d{1,2}\.\d{2}$`)
)

const mostSender = 11

// Validate names the first thing that is wrong, with its key.
func (c Config) Validate() error {
	switch {
	case c == (Config{}):
		return nil
	case !regionForm.MatchString(c.Region):
		return fault.New(fault.Invalid, "region: %q: want a region such as eu-central-1", c.Region)
	case c.Sender != "" && (!senderForm.MatchString(c.Sender) || len(c.Sender) > mostSender):
		return fault.New(fault.Invalid, "sender: %q: want up to 11 letters and digits, with a letter", c.Sender)
	case c.Price != "" && !priceForm.MatchString(c.Price):
		return fault.New(fault.Invalid, `price: %q: want US dollars such as "0.50", in quotes`, c.Price)
	}
	return nil
}
