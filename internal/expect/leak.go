package expect

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// maxText is the longest text that is searched for secrets; user data has 16 kB at most.
const maxText = 1 << 18

// form is what a kind of secret looks like. The prefixes are the issuers' own; nothing is taken for a secret by its looks alone.
type form struct {
	name string
	like *regexp.Regexp
}

// forms are those whose issuers mark them. Lengths are from what the issuers document. Google's keys are left out: most of them
// stand in web pages and are meant to.
var forms = [...]form{
	{"an AWS access key", regexp.MustCompile(`\bAKIA[A-Z2-7]{16}\b`)},
	{"a private key", regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s*(?:\\n)?\s*[A-Za-z0-9+/=:,\-]{20}`)},
	{"a GitHub token", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b`)},
	{"a GitLab token", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20}`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abprs]-[0-9]{9,}-[A-Za-z0-9-]{10,}`)},
	{"a Slack webhook", regexp.MustCompile(`https://hooks\.slack\.com/services/T[A-Z0-9]{7,}/B[A-Z0-9]{7,}/[A-Za-z0-9]{20,}`)},
	{"a Stripe key", regexp.MustCompile(`\b[sr]k_live_[A-Za-z0-9]{16,}`)},
	{"a SendGrid key", regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b`)},
	{"an npm token", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`)},
	{"a Docker token", regexp.MustCompile(`\bdckr_pat_[A-Za-z0-9_-]{27}`)},
	{"a Vault token", regexp.MustCompile(`\bhv[sb]\.[A-Za-z0-9_-]{24,}`)},
	{"an Anthropic key", regexp.MustCompile(`\bsk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,}AA\b`)},
	{"an OpenAI key", regexp.MustCompile(`\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}`)},
	{"a PyPI token", regexp.MustCompile(`\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}`)},
	{"an Azure storage key", regexp.MustCompile(`\bAccountKey=[A-Za-z0-9+/]{86}==`)},
	{"a password in a URL", regexp.MustCompile(`\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'"<>{}$]{0,60}:[^\s/:@'"<>{}$*%]{3,100}@[A-Za-z0-9\[]`)},
}

// example are the marks of what was written to show a form.
var example = regexp.MustCompile(`(?i)example|x{5,}|0{8,}|your|changeme|placeholder|:(password|passwd|pass|secret|token)@`)

// marked names the forms of secrets that a text has in it.
func marked(text string) (found []string) {
	for _, f := range forms {
		for _, hit := range f.like.FindAllString(text, 20) {
			if !example.MatchString(hit) {
				found = append(found, f.name)
				break
			}
		}
	}
	return found
}

// secretsIn names the kinds of secrets that a text has in it, such as user data. Text in base64 is read too. It names the
// variables that a script sets to a secret; it never gives the secret itself.
func secretsIn(args []any) (any, error) {
	text, ok := args[0].(string)
	switch g, isGap := args[0].(expr.Gap); {
	case isGap:
		return nil, expr.Undecided("", g)
	case args[0] == nil:
		return []any{}, nil
	case !ok:
		return nil, fault.New(fault.Invalid, "secretsIn wants a text")
	case len(text) > maxText:
		return nil, expr.Undecided("the text is longer than what is searched for secrets")
	}
	all := []string{text}
	if plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil && len(plain) > 0 {
		if strings.HasPrefix(string(plain), "\x1f\x8b") {
			return nil, expr.Undecided("the text is compressed")
		}
		if utf8.Valid(plain) {
			all = []string{string(plain)}
		}
	}
	out := []any{}
	for _, t := range all {
		for _, name := range marked(t) {
			out = append(out, name)
		}
		for _, m := range assigned.FindAllStringSubmatch(t, 1000) {
			value := m[2] + m[3] + m[4]
			switch {
			case documented.MatchString(value):
				out = append(out, "a key in "+m[1]+", of AWS's documentation as yet")
			case secretName(m[1]) && secretValue(m[1], value):
				out = append(out, "a value of "+m[1])
			}
		}
	}
	return out, nil
}

// documented are the keys that AWS's documentation shows. They open nothing, but a machine that is started with one has a place in its
// script where somebody puts his own.
var documented = regexp.MustCompile(`^(AKIA[A-Z0-9]{9}EXAMPLE|[A-Za-z0-9/+]{30}EXAMPLEKEY)$`)

// assigned is a line of a script or a settings file that gives a name a value.
var assigned = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:|-?-?)?([A-Za-z_][A-Za-z0-9_.-]{2,60})[ \t]*[=:][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#;]+))`)
