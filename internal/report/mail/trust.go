package mail

import (
	"strings"
)

// Known is what is known of whether a message is from whom it says.
type Known string

// What is known. Unknown is never a yes.
const (
	Unknown Known = "unknown"
	Passed  Known = "pass"
	Failed  Known = "fail"
)

// Sender says whether a message is from the address that it names, by the word of one server alone: the topmost header of that name that the
// server has written (RFC 8601, section 5), and in it the verdict of DMARC about the domain of the address (RFC 7489).
func (l Letter) Sender(trusted string) Known {
	if trusted == "" {
		return Unknown
	}
	_, domain, _ := strings.Cut(l.From, "@")
	for _, header := range l.Results {
		id, rest, _ := strings.Cut(uncommented(header), ";")
		if !strings.EqualFold(firstWord(id), trusted) {
			continue
		}
		return verdict(rest, domain)
	}
	return Unknown
}

func verdict(results, domain string) Known {
	out, verdicts := Unknown, 0
	for one := range strings.SplitSeq(results, ";") {
		w := strings.Fields(one)
		if len(w) == 0 {
			continue
		}
		method, result, _ := strings.Cut(strings.ToLower(w[0]), "=")
		if name, _, _ := strings.Cut(method, "/"); name != "dmarc" { // a method may have a version
			continue
		}
		about := ""
		for _, p := range w[1:] {
			if v, ok := strings.CutPrefix(strings.ToLower(p), "header.from="); ok {
				about = v
			}
		}
		if verdicts++; verdicts > 1 {
			return Unknown // one of them may stand in what the sender chose
		}
		switch {
		case result == "pass" && domain != "" && about == domain:
			out = Passed
		case result == "fail":
			out = Failed
		}
	}
	return out
}

// uncommented is a header without comments and with one space between words. What stands in quotes is a value of the sender's choice and is left out.
func uncommented(header string) string {
	var b strings.Builder
	depth, quoted, skip := 0, false, false
	for _, r := range header {
		switch {
		case skip:
			skip = false
		case r == '\\' && (quoted || depth > 0):
			skip = true
		case r == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
