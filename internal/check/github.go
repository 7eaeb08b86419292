package check

import (
	"fmt"
	"io"
	"strings"

	"jobzero/internal/finding"
)

// level is how loud a result is, in the words that SARIF and GitHub share but for the last.
func level(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	default:
		return "note"
	}
}

// GitHub writes what is not met as commands of a GitHub workflow, so that each shows beside its line.
// Form: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
func (r *Report) GitHub(w io.Writer) error {
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, x := range r.Results {
		if x.Verdict != Fail {
			continue
		}
		word := strings.Replace(level(x.Severity), "note", "notice", 1)
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", word, value.Replace(x.Place.File), max(x.Place.Line, 1),
			max(x.Place.Col, 1), value.Replace(x.Expectation.Title), text.Replace(x.Name+": "+x.Reason+". "+x.Fix))
		if err != nil {
			return err
		}
	}
	return nil
}
