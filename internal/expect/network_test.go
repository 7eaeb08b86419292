package expect_test

import (
	"testing"

	"jobzero/internal/expr"
)

func TestRulesPartlyKnown(t *testing.T) {
	const open = `{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}`
	for name, c := range map[string]struct {
		rules, unknown string
		want           expr.Verdict
	}{
		"open beside unknown":       {`[{}, ` + open + `]`, "Rules[0]", expr.True},
		"unknown":                   {`[{}]`, "Rules[0]", expr.Unknown},
		"from where is unknown":     {`[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}]`, "Rules[0].CidrIp", expr.Unknown},
		"another port from unknown": {`[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]`, "Rules[0].CidrIp", expr.False},
		"unknown port from one":     {`[{"IpProtocol": "tcp", "CidrIp": "203.0.113.0/24"}]`, "Rules[0].FromPort", expr.Unknown},
		"a ping from unknown":       {`[{"IpProtocol": "icmp", "FromPort": 8}]`, "Rules[0].ToPort", expr.False},
	} {
		t.Run(name, func(t *testing.T) {
			got, why := holds(t, "worldRules(resource.properties.Rules, [22]).size() > 0", `{"Rules": `+c.rules+`}`, c.unknown)
			if got != c.want {
				t.Errorf("got %v (%s), want %v", got, why, c.want)
			}
		})
	}
}
