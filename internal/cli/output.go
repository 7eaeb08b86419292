package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"jobzero/internal/fault"
)

// format is how a command answers.
type format string

const (
	formatTable format = "table"
	formatJSON  format = "json"
	formatOCSF  format = "ocsf"
)

// flag adds --format to a command; the first choice is the default.
func (f *format) flag(c *cobra.Command, more ...format) {
	choices := append([]format{formatTable, formatJSON}, more...)
	*f = formatTable
	c.Flags().Var(&choice[format]{f, choices}, "format", "how to answer: "+join(choices))
	complete(c, "format", choices...)
}

// choice is a flag with a few words to choose from.
type choice[T ~string] struct {
	into    *T
	choices []T
}

// String is the word chosen.
func (c *choice[T]) String() string { return string(*c.into) }

// Type is shown in the help.
func (c *choice[T]) Type() string { return "FORMAT" }

// Set takes a word.
func (c *choice[T]) Set(word string) error {
	if !slices.Contains(c.choices, T(word)) {
		return fault.New(fault.Invalid, "use %s", join(c.choices))
	}
	*c.into = T(word)
	return nil
}

func join[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// complete lets the shell complete a flag's words.
func complete[T ~string](c *cobra.Command, flag string, words ...T) {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	// The error says that the flag does not exist, which the first run of any test shows.
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}

// print writes a line to the standard output.
func (s *shell) print(format string, args ...any) error {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	_, err := fmt.Fprintln(s.out, format)
	return err
}

// object writes one JSON object as one line.
func (s *shell) object(v any) error { return writeJSON(s.out, v) }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // it is read by programs and people, not by browsers
	return e.Encode(v)
}

// list writes one JSON object a line.
func list[T any](s *shell, items []T) error {
	for _, v := range items {
		if err := s.object(v); err != nil {
			return err
		}
	}
	return nil
}

// clean makes text from a log safe to show: control characters and those that turn the direction of writing are shown by
// their number, so that no record can move the cursor, colour the screen or hide what follows.
func clean(text string) string {
	if !strings.ContainsFunc(text, unsafe) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !unsafe(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// unsafe picks control characters (Cc), invisible ones and marks of direction (Cf), line and paragraph separators, and what
// stands for bytes that are no UTF-8.
func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
}

// terminal says whether a person reads the stream, and how many columns it has; 0 when that is not known.
func terminal(stream any) (width int, is bool) {
	f, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, true
	}
	return width, true
}

// coloured says whether to colour the stream: only for people, and not when they said no (https://no-color.org).
func coloured(stream any) bool {
	_, is := terminal(stream)
	return is && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
