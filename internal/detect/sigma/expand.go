package sigma

import (
	"regexp"
	"strings"

	"jobzero/internal/doc"
)

// maxAlternatives is how many texts a value with several placeholders may come to.
const maxAlternatives = 10_000

var placeholder = regexp.MustCompile(`\\%|%[\w.-]+%`)

// expand puts values in the place of the placeholders of a text, one text for each combination. A value is literal: it has
// neither wildcards nor the special characters of a regular expression. A percent sign with a backslash is only that.
func expand(v *doc.Node, k kind, values map[string][]string) ([]*doc.Node, error) {
	if v.Kind != doc.String {
		return []*doc.Node{v}, nil
	}
	texts := []string{""}
	end := 0
	for _, at := range placeholder.FindAllStringIndex(v.Text, -1) {
		between, word := v.Text[end:at[0]], strings.Trim(v.Text[at[0]:at[1]], "%")
		end = at[1]
		if word == `\` {
			texts = product(texts, []string{between + "%"})
			continue
		}
		found := values[word]
		if len(found) == 0 {
			return nil, unsupported{v.Errorf("placeholder %%%s%% has no values here: give it some in a file of placeholders (content.placeholders, --placeholders), or remove the rule", word)}
		}
		if len(texts)*len(found) > maxAlternatives && len(texts) > 1 {
			return nil, v.Errorf("the placeholders of %q come to more than %d texts: use fewer in one value", v.Text, maxAlternatives)
		}
		var next []string
		for _, f := range found {
			next = append(next, between+literal(f, k))
		}
		texts = product(texts, next)
	}
	var out []*doc.Node
	for _, text := range product(texts, []string{v.Text[end:]}) {
		one := *v
		one.Text = text
		out = append(out, &one)
	}
	return out, nil
}

// literal writes a value so that a line of this kind takes it for what it is.
func literal(value string, k kind) string {
	switch k {
	case kindText:
		return quote(value)
	case kindRegexp:
		return regexp.QuoteMeta(value)
	default:
		return value
	}
}

// product is each of the heads with each of the tails.
func product(heads, tails []string) []string {
	var out []string
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, h+t)
		}
	}
	return out
}
