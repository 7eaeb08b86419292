package sigma

import (
	"strings"
	"testing"
)

const digested = `title: Trail stopped
id: stopped
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName|expand: '%calls%', userIdentity.type: Root}, f: {awsRegion: us-east-1}, condition: s and not f}
---
title: Often stopped
id: often
level: medium
correlation: {type: event_count, rules: [stopped], group-by: [recipientAccountId], timespan: 1h, condition: {gte: 3}}
`

func digests(t *testing.T, text string, values ...string) (rule, correlation string) {
	t.Helper()
	if len(values) == 0 {
		values = []string{"StopLogging"}
	}
	set, errs := Read("r.yml", []byte(text), Options{Placeholders: map[string][]string{"calls": values}})
	linked, bad := set.Link()
	if all := append(errs, bad...); len(all) > 0 {
		t.Fatal(all)
	}
	return linked.Rules[0].Digest(), linked.Correlations[0].Digest()
}

// What changes what is found changes the digest, of the correlation above it too; words do not.
func TestDigest(t *testing.T) {
	rule, correlation := digests(t, digested)
	for change, to := range map[string]string{
		"title: Trail stopped": "title: A trail was stopped\nauthor: kim", "level: high": "level: low",
		"condition: s and not f}": "condition: (s) and (not f)}",
	} {
		if r, c := digests(t, strings.Replace(digested, change, to, 1)); r != rule || c != correlation {
			t.Errorf("%s to %s changes what is found", change, to)
		}
	}
	seen := map[string]string{rule: "nothing"}
	for change, to := range map[string]string{
		"us-east-1": "us-east-2", "userIdentity.type: Root": "userIdentity.type|contains: Root", "s and not f": "s or not f",
		"type: Root": "type: [Root, AWSAccount]", "id: stopped": "id: stopped2\nname: stopped", "logsource: {": "jobzero: {where: {accounts: ['1*']}}\nlogsource: {",
		"level: high": "level: high\njobzero: {subject: bucket}",
	} {
		r, c := digests(t, strings.Replace(digested, change, to, 1))
		if seen[r] != "" || c == correlation {
			t.Errorf("%s to %s reads like %s; correlation changed: %v", change, to, seen[r], c != correlation)
		}
		seen[r] = change
	}
	if r, c := digests(t, digested, "StopLogging", "DeleteTrail"); r == rule || c == correlation {
		t.Error("another value of a placeholder changes nothing")
	}
	for change, to := range map[string]string{"timespan: 1h": "timespan: 2h", "gte: 3": "gte: 4", "[recipientAccountId]": "[awsRegion]"} {
		if r, c := digests(t, strings.Replace(digested, change, to, 1)); r != rule || c == correlation {
			t.Errorf("%s to %s: rule changed %v, correlation %v", change, to, r != rule, c != correlation)
		}
	}
	filter := "---\ntitle: Not the robot\nid: robot\nlogsource: {product: aws, service: cloudtrail}\nfilter: {rules: [stopped], selection: {userAgent: robot}, condition: not selection}\n"
	if r, c := digests(t, digested+filter); r == rule || c == correlation {
		t.Error("a filter changes nothing")
	}
}
