package awsorg_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"jobzero/internal/awsorg"
	"jobzero/internal/testmoto"
)

// caller is who STS says that calls.
func caller(t *testing.T, o *awsorg.Org, e awsorg.Errand) string {
	t.Helper()
	cfg, err := o.Writer(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	me, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(me.Arn)
}

// TestSessionNamesTheTicket: CloudTrail shows a session by its name, so that the name says for which ticket a call was made.
func TestSessionNamesTheTicket(t *testing.T) {
	o := open(t, config(testmoto.Shared(t).Endpoint))
	account := testmoto.Account()
	may := []awsorg.Permission{{Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::b"}}
	for name, c := range map[string]struct {
		errand awsorg.Errand
		want   string
	}{
		"responder":    {awsorg.Errand{Ticket: "01JD7ZC6P4ZQX5V8KJ0N3M2R1T"}, "jobzero-responder/jobzero-01JD7ZC6P4ZQX5V8KJ0N3M2R1T"},
		"organization": {awsorg.Errand{Role: awsorg.Organization, Ticket: "01JD7ZC6P4ZQX5V8KJ0N3M2R1T"}, "jobzero-organization/jobzero-01JD7ZC6P4ZQX5V8KJ0N3M2R1T"},
		"another":      {awsorg.Errand{Ticket: "01JD7ZC6P4ZQX5V8KJ0N3M2R1U"}, "jobzero-responder/jobzero-01JD7ZC6P4ZQX5V8KJ0N3M2R1U"}, // of the same calls
		"no ticket":    {awsorg.Errand{}, "jobzero-responder/jobzero"},
		"strange":      {awsorg.Errand{Ticket: "a b/ü"}, "jobzero-responder/jobzero-a-b--"},
		"long":         {awsorg.Errand{Ticket: strings.Repeat("x", 80)}, "jobzero-responder/jobzero-" + strings.Repeat("x", 56)},
	} {
		t.Run(name, func(t *testing.T) {
			c.errand.Account, c.errand.May = account, may
			if got, want := caller(t, o, c.errand), "arn:aws:sts::"+account+":assumed-role/"+c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	if _, err := o.Writer(t.Context(), awsorg.Errand{Account: account, Role: "another", May: may}); err == nil {
		t.Error("a role that there is not was taken")
	}
}

// TestLongestName: a ticket's ID is whole behind the longest name that the settings may have.
func TestLongestName(t *testing.T) {
	c := config(testmoto.Shared(t).Endpoint)
	c.SessionName = strings.Repeat("n", 37)
	ticket := "01JD7ZC6P4ZQX5V8KJ0N3M2R1T"
	got := caller(t, open(t, c), awsorg.Errand{Account: testmoto.Account(), Ticket: ticket, May: []awsorg.Permission{{Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::b"}}})
	if !strings.HasSuffix(got, "/"+c.SessionName+"-"+ticket) {
		t.Error(got)
	}
}
