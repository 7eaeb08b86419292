package least_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
)

// hostile are policies that make much work: thousands of statements that all name everything, each on something else or under other conditions.
func hostile(n int) map[string]string {
	forms := map[string]string{
		"all actions, each on a pattern":    `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b%d*x*y*z*"}`,
		"all actions, each with conditions": `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/t":"%d"}}}`,
		"all but one, all but one":          `{"Effect":"Allow","NotAction":"s3:Get%d*","NotResource":"arn:aws:s3:::b%d*"}`,
		"patterns of services":              `{"Effect":"Allow","Action":"*?*%d*:*","Resource":"*"}`,
		"denials":                           `{"Effect":"Deny","NotAction":"s3:Get%d*","Resource":"arn:aws:s3:::b/%d"}`,
		"variables":                         `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b%d/${aws:username}/*"}`,
	}
	out := map[string]string{}
	for name, form := range forms {
		var list []string
		for i := range n {
			list = append(list, strings.ReplaceAll(form, "%d", fmt.Sprint(i)))
		}
		out[name] = `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
	}
	return out
}

// TestHostilePolicies: thousands of statements are answered, and what cannot be written within AWS's limits is said.
func TestHostilePolicies(t *testing.T) {
	for name, text := range hostile(1000) {
		d := parsed(t, "hostile", []byte(text))
		s := &least.Subject{Principal: ana, Kind: least.User, Holders: []string{ana}, Policies: []estate.Held{{Document: d}}}
		o := least.Options{}
		for i := range 1000 {
			o.Used = append(o.Used, least.Use{Action: "s3:GetObject", Resource: fmt.Sprintf("arn:aws:s3:::b%d/x/y/z", i), Count: 1}, least.Use{Action: "s3:PutObject", Resource: "arn:aws:s3:::b7/*", Count: 1})
		}
		begin := time.Now()
		p, err := least.Reduce(s, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: %v, %+v became %+v: %.200v", name, time.Since(begin).Round(time.Millisecond), p.Before, p.After, p.Notes)
	}
}
