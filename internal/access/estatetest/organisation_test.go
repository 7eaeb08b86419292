package estatetest_test

import (
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/estatetest"
)

// TestOrganisation: it has as much as was asked for, and its hub gets into all accounts.
func TestOrganisation(t *testing.T) {
	e, err := estatetest.Organisation(estatetest.Size{Accounts: 3, Principals: 50, Assets: 100})
	if err != nil || len(e.Holders()) != 150 || len(e.Assets()) != 300 {
		t.Fatalf("%d principals, %d resources, %v", len(e.Holders()), len(e.Assets()), err)
	}
	for i := 1; i < 3; i++ {
		d, err := e.Can("arn:aws:iam::"+estatetest.Account(0)+":role/deploy",
			estate.Question{Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + estatetest.Account(i) + ":role/admin"})
		if err != nil || d.Outcome != access.Allowed {
			t.Errorf("account %d: %+v %v", i, d, err)
		}
	}
	for _, x := range e.Assets() {
		if _, ok := e.Holder(x.Runs); x.Runs != "" && !ok {
			t.Errorf("%s runs as %s, who is not there", x.ARN, x.Runs)
		}
	}
}
