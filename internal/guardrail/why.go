package guardrail

import (
	"slices"
	"strings"

	"jobzero/internal/expect"
)

// judged are functions of expectations that read what no condition key tells.
var judged = map[string]string{ //nolint:gosec // names of functions, no secrets
	"adminStatements": "what a policy allows", "wideStatements": "what a policy allows", "wholeServices": "what a policy allows",
	"trustsEverybody": "whom a policy lets in", "trustedAccounts": "whom a policy lets in", "openFederation": "whom a policy lets in",
	"openStatements": "whom a policy lets in", "accountStatements": "whom a policy lets in", "plainCalls": "what a policy refuses",
	"secretVariables": "the text of variables", "secretsIn": "a text", "worldRules": "single rules of a group", "fromWorld": "single rules of a group",
	"publicStatements": "whom a policy lets in", "publicWriteStatements": "whom a policy lets in",
}

// why says in words why no service control policy can prevent what an expectation refuses.
func why(e *expect.Expectation) string {
	calls := e.Calls()
	for name, what := range judged {
		if calls[name] != nil {
			return "it reads " + what + "; condition keys do not tell what is written in the call's documents"
		}
	}
	for _, r := range e.Reads() {
		if strings.HasPrefix(r, "related") {
			return "it asks for " + r + ", which is known of what exists only, and is in no call"
		}
	}
	if strings.Contains(e.Expression, "now") && strings.Contains(e.Expression, "timestamp(") {
		return "it asks for an age, which comes about without a call"
	}
	var paths []string
	for _, a := range e.Asks() {
		paths = append(paths, strings.ReplaceAll(strings.TrimPrefix(pathOf(a.Path), "properties."), "[0]", "[]"))
	}
	slices.Sort(paths)
	if paths = slices.Compact(paths); len(paths) > 0 {
		return "the table has no condition key that tells " + strings.Join(paths, ", ")
	}
	return "it asks for nothing that a call says"
}
