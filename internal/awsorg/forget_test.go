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
