package awsorg

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestRefusedAccountsAreForgotten: events may name any account, so accounts that cannot be entered must take no memory.
func TestRefusedAccountsAreForgotten(t *testing.T) {
	c := DefaultConfig()
	c.MaxBackoff, c.Attempts = time.Millisecond, 1
	c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, errors.New("no") })
	o, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	for i := range 20 {
		if _, err := o.Reader(t.Context(), fmt.Sprintf("%012d", i), ""); err == nil {
			t.Fatal("it was entered")
		}
	}
	if n := len(o.roles); n != 0 {
		t.Errorf("%d readers are kept", n)
	}
}

// TestNarrowedSessionsAreLimited: every plan has a policy of its own; only so many sessions are kept, and readers stay.
func TestNarrowedSessionsAreLimited(t *testing.T) {
	o, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	reader := o.provider("111122223333", role{name: "reader"})
	for i := range maxNarrowed + 50 {
		o.provider("111122223333", role{name: "responder", policy: fmt.Sprint(i)})
	}
	if len(o.roles) != maxNarrowed+1 || len(o.order) != maxNarrowed || o.provider("111122223333", role{name: "reader"}) != reader {
		t.Errorf("%d sessions and %d in order are kept", len(o.roles), len(o.order))
	}
}
