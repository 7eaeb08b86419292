package expect

import (
	"regexp"
	"slices"

	"jobzero/internal/org"
)

var (
	part     = regexp.MustCompile(`\bresource\.\??(properties|related)\.\??([A-Za-z_]\w*)`)
	tags     = regexp.MustCompile(`\bresource\.\??tags\b|\bintent\b`) // a tag can take back what is declared
	declares = regexp.MustCompile(`\bintent\b`)                       // by the names that a resource has
	identity = regexp.MustCompile(`\bresource\.(type|id|account|region|arn|gone)\b`)
	rest     = regexp.MustCompile(`\bresource\b`)
)

// Reads names the parts of a resource that the expectation asks about, as paths such as related.policy; none when it may ask
// about any. What is left out although it matters makes the verdict unknown, never a pass: then the whole is to be read.
func (e *Expectation) Reads() []string {
	sources := append([]string{e.Expression, e.When}, e.Messages...)
	out := reads(sources)
	if out == nil || !slices.ContainsFunc(sources, declares.MatchString) {
		return out
	}
	for _, t := range e.Types {
		for _, key := range org.NamedBy(t) {
			if path := "properties." + key; !slices.Contains(out, path) {
				out = append(out, path)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Reads names the parts that the condition asks about, as Expectation.Reads does.
func (c *Condition) Reads() []string { return reads([]string{c.program.String()}) }

func reads(sources []string) []string {
	var out []string
	add := func(path string) {
		if !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	for _, s := range sources {
		for _, m := range part.FindAllStringSubmatch(s, -1) {
			add(m[1] + "." + m[2])
		}
		if tags.MatchString(s) {
			add("tags")
		}
		for _, known := range []*regexp.Regexp{part, tags, identity} {
			s = known.ReplaceAllString(s, "")
		}
		if rest.MatchString(s) {
			return nil
		}
	}
	slices.Sort(out)
	return out
}
