package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// severityFlag adds a flag that takes a severity.
func severityFlag(c *cobra.Command, into *finding.Severity, name, text string) {
	c.Flags().Var((*severityValue)(into), name, text+": "+join(finding.Severities()))
	complete(c, name, finding.Severities()...)
}

type severityValue finding.Severity

// String is the word chosen.
func (v *severityValue) String() string { return string(*v) }

// Type is shown in the help.
func (v *severityValue) Type() string { return "SEVERITY" }

// Set takes a word.
func (v *severityValue) Set(word string) error {
	s, err := finding.ParseSeverity(word)
	*v = severityValue(s)
	return err
}

// wordsFlag adds a flag that takes some of a few words, and may be repeated.
func wordsFlag[T ~string](c *cobra.Command, into *[]T, name, text string, words []T) {
	c.Flags().Var(&wordsValue[T]{into, words}, name, text+": "+join(words))
	complete(c, name, words...)
}

type wordsValue[T ~string] struct {
	into  *[]T
	words []T
}

// String is the words chosen.
func (v *wordsValue[T]) String() string {
	if v.into == nil {
		return ""
	}
	return join(*v.into)
}

// Type is shown in the help.
func (v *wordsValue[T]) Type() string { return "WORD" }

// Set takes one more word.
func (v *wordsValue[T]) Set(word string) error {
	if !slices.Contains(v.words, T(word)) {
		return fault.New(fault.Invalid, "use %s", join(v.words))
	}
	*v.into = append(*v.into, T(word))
	return nil
}
