package role

import (
	"jobzero/internal/notify/sns"
	"jobzero/internal/notify/voice"
)

// Phones are what people are told by through AWS.
type Phones struct {
	SMS   string // region in which text messages are sent; empty: none are
	Voice string // region in which phones are called; empty: none are
	From  string // ARN of the number or pool that calls; empty: any of the account in that region
}

// phones are what the hub may do to reach people's phones. A number is no resource of SNS, so that sending to one takes all of them; it is narrowed to the
// region of the settings.
func phones(o Options) (out []Grant) {
	in := func(region string) map[string]map[string]any {
		return map[string]map[string]any{"StringEquals": {"aws:RequestedRegion": region}}
	}
	if o.Phones.SMS != "" {
		for _, a := range sns.Needs() {
			out = append(out, Grant{Action: a, Resources: []string{"*"}, For: []string{"sms"}, Condition: in(o.Phones.SMS)})
		}
	}
	if region := o.Phones.Voice; region != "" {
		from := []string{o.Phones.From}
		if o.Phones.From == "" {
			at := "arn:" + o.Partition + ":sms-voice:" + region + ":" + o.Account + ":"
			from = []string{at + "phone-number/*", at + "pool/*"}
		}
		for _, a := range voice.Needs() {
			out = append(out, Grant{Action: a, Resources: from, For: []string{"voice"}})
		}
	}
	return out
}
