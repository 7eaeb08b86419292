package check

import (
	"encoding/xml"
	"io"
)

// The parts of the report format of JUnit that build servers read.
type (
	suites struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []*suite `xml:"testsuite"`
	}
	suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		File    string   `xml:"file,attr"`
		Line    int      `xml:"line,attr,omitempty"`
		Failure *message `xml:"failure"`
		Skipped *message `xml:"skipped"`
	}
	message struct {
		Text string `xml:"message,attr"`
		Type string `xml:"type,attr,omitempty"`
		More string `xml:",chardata"`
	}
)

// JUnit writes a suite for each file and a case for each expectation and resource. What is undecided or waived is skipped, with
// the reason.
func (r *Report) JUnit(w io.Writer) error {
	var all suites
	byFile := map[string]*suite{}
	for _, x := range r.Results {
		s := byFile[x.Place.File]
		if s == nil {
			s = &suite{Name: x.Place.File}
			byFile[x.Place.File] = s
			all.Suites = append(all.Suites, s)
		}
		c := testCase{Name: x.Expectation.ID + " " + x.Name, Class: string(x.Resource.Type), File: x.Place.File, Line: x.Place.Line}
		switch x.Verdict {
		case Fail:
			s.Failures++
			c.Failure = &message{x.Reason, string(x.Severity), x.Place.String() + "\n" + x.Fix}
		case Undecided, Waived, Known:
			s.Skipped++
			c.Skipped = &message{Text: string(x.Verdict) + ": " + x.Reason}
		case Pass:
		}
		s.Tests++
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
