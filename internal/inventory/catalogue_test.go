package inventory_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// gate lets into some accounts.
type gate map[string]error

func (g gate) Reader(_ context.Context, account, _ string) (aws.Config, error) {
	return aws.Config{}, g[account]
}

// one reads one resource an account.
type one struct{}

func (one) Type() resource.Type { return resource.AccessKey }
func (one) Needs() []string     { return nil }

func (one) Read(_ context.Context, _ aws.Config, ref resource.Ref) (resource.Resource, error) {
	return resource.Resource{Ref: ref, Properties: map[string]any{}}, nil
}

func (one) List(_ context.Context, _ aws.Config, account, _ string) ([]resource.Ref, error) {
	return []resource.Ref{{Type: resource.AccessKey, Account: account, ID: "k"}}, nil
}

func TestReadWithoutEntry(t *testing.T) {
	cat, err := inventory.New(gate{"1": fault.New(fault.Denied, "account suspended"), "2": fault.New(fault.Unavailable, "throttled")}, one{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := cat.Read(t.Context(), resource.Ref{Type: resource.AccessKey, Account: "1", ID: "k"})
	want := []resource.Unknown{{Path: "properties", Cause: "account suspended", Code: fault.Denied}, {Path: "related", Cause: "account suspended", Code: fault.Denied}, {Path: "tags", Cause: "account suspended", Code: fault.Denied}}
	if d := cmp.Diff(want, got.Unknown); d != "" || err != nil || got.Gone {
		t.Errorf("denied: %v, %+v, %s", err, got, d)
	}
	if got, err := cat.Read(t.Context(), resource.Ref{Type: resource.AccessKey, Account: "2", ID: "k"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("throttled: %+v, %v", got, err)
	}
	if _, err := cat.Read(t.Context(), resource.Ref{Type: resource.Bucket, Account: "3", ID: "k"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no reader: %v", err)
	}
	if _, err := inventory.New(gate{}, one{}, one{}); err == nil {
		t.Error("two readers of a type were taken")
	}
}

// bucket reads a bucket without a word about others.
type bucket struct{ one }

func (bucket) Type() resource.Type { return resource.Bucket }

// TestNobodyLooks: a relation that nobody looks for in the live account is not the same as none.
func TestNobodyLooks(t *testing.T) {
	cat, err := inventory.New(gate{}, bucket{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := cat.Read(t.Context(), resource.Ref{Type: resource.Bucket, Account: "1", Region: "eu-west-1", ID: "b"})
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]string{}
	for _, u := range got.Unknown {
		open[u.Path] = u.Cause
	}
	if open["related.recorders"] != resource.NotRead {
		t.Errorf("trails that record a bucket: %v", got.Unknown)
	}
	if _, said := open["related.policy"]; said {
		t.Error("its policy is its reader's to tell")
	}
}

func TestSweepNamesWhatDidNotAnswer(t *testing.T) {
	cat, err := inventory.New(gate{"1": fault.New(fault.Denied, "account suspended")}, one{})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	err = cat.Sweep(t.Context(), []string{"1", "2"}, nil, cat.Types(), func(r resource.Resource) error {
		seen = append(seen, r.Account)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "list AWS::IAM::AccessKey in 1") || !strings.Contains(err.Error(), "account suspended") {
		t.Errorf("the account that did not answer is not named: %v", err)
	}
	if d := cmp.Diff([]string{"2"}, seen); d != "" {
		t.Error(d)
	}
}
