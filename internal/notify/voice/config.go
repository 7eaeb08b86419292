package voice

import (
	"regexp"

	"jobzero/internal/fault"
)

// Config is how phones are called; without a region they are not.
type Config struct {
	Region string `yaml:"region"` // in which AWS calls, such as eu-central-1
	From   string `yaml:"from"`   // what calls: a number, the ID or the ARN of one of the account, or of a pool
	Voice  string `yaml:"voice"`  // of Amazon Polly, such as JOANNA; empty: AWS's own choice
	Price  string `yaml:"price"`  // the most that a minute may cost, in US dollars, such as "0.50"; empty: as the account says
}

// The forms of an origination identity are those of API_SendVoiceMessage (docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2).
var (
	regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
	fromForm   = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|(phone|pool)-[A-Za-z0-9]{1,64}|arn:[a-z-]+:sms-voice:[a-z0-9-]+:\d{12}:(phone-number|pool)/[A-Za-z0-9-]{1,64})$`)
	voiceForm  = regexp.MustCompile(`^[A-Z]{2,20}$`)
	priceForm  = regexp.MustCompile(`^\d{1,2}\.\d{2}$`)
)

// Validate names the first thing that is wrong, with its key.
func (c Config) Validate() error {
	switch {
	case c == (Config{}):
		return nil
	case !regionForm.MatchString(c.Region):
		return fault.New(fault.Invalid, "region: %q: want a region such as eu-central-1", c.Region)
	case !fromForm.MatchString(c.From):
		return fault.New(fault.Invalid, "from: want a number such as \"+4930901820\", in quotes, or the ID or ARN of a number or a pool of AWS End User Messaging")
	case c.Voice != "" && !voiceForm.MatchString(c.Voice):
		return fault.New(fault.Invalid, "voice: %q: want a voice of Amazon Polly in capital letters, such as JOANNA", c.Voice)
	case c.Price != "" && !priceForm.MatchString(c.Price):
		return fault.New(fault.Invalid, `price: %q: want US dollars such as "0.50", in quotes`, c.Price)
	}
	return nil
}
