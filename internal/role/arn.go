package role

import (
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/policy"
)

// filled is what CloudFormation fills in: its own parameters and those of the template. IAM's variables have one colon.
var filled = regexp.MustCompile(`\$\{(AWS::\w+|\w+)\}`)

// sections are the six parts of an ARN, in which CloudFormation may have to fill something in; what an ARN lacks is empty.
func sections(arn string) []string {
	const colon = "\x00" // of a variable
	hidden := filled.ReplaceAllStringFunc(arn, func(v string) string { return strings.ReplaceAll(v, ":", colon) })
	part := strings.SplitN(hidden, ":", 6)
	for len(part) < 6 {
		part = append(part, "")
	}
	for i := range part {
		part[i] = strings.ReplaceAll(part[i], colon, ":")
	}
	return part
}

// covers reports whether one pattern matches all that another does. What CloudFormation fills in is the same text on both sides.
func covers(wide, narrow string) bool {
	return policy.ReadPattern(filled.ReplaceAllString(wide, "$1")).Covers(policy.ReadPattern(filled.ReplaceAllString(narrow, "$1")))
}

// widest leaves out what another pattern matches anyway.
func widest(patterns []string) []string {
	return slices.DeleteFunc(slices.Clone(patterns), func(p string) bool {
		return slices.ContainsFunc(patterns, func(q string) bool { return p != q && covers(q, p) })
	})
}
