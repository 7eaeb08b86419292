package sigma_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
)

func TestCollection(t *testing.T) {
	const global = "action: global\ntitle: g\nlevel: high\ndetection:\n  s: {f: 1}\n  condition: s\n"
	const one, two = "id: one\nlogsource: {service: cloudtrail}\ndetection:\n  t: {eventName: A}\n", "id: two\nlogsource: {product: aws}\n"
	cases := []struct {
		name string
		text string
		want []string // id, level, searches and product of each rule
	}{
		{"global", join(global, one, two), []string{"one high t s", "two high s aws"}},
		{"global counts more", join(global, two+"level: low\n"), []string{"two high s aws"}},
		{"globals add up", join(global, "action: global\nlogsource: {product: aws}\n", "id: a\n", "id: b\n"), []string{"a high s aws", "b high s aws"}},
		{"nothing before it", join(plainRule("a", "low"), global, two), []string{"id-a low s aws", "two high s aws"}},
		{"reset", join(global, two, "action: reset\n", plainRule("a", "low")), []string{"two high s aws", "id-a low s aws"}},
		{"repeat", join(plainRule("a", "low"), "action: repeat\nid: again\nlevel: critical\ndetection: {t: {f: 2}}\n"), []string{"id-a low s aws", "again critical s t aws"}},
		{"repeat what was repeated", join(plainRule("a", "low"), "action: repeat\nid: b\nlevel: high\n", "action: repeat\nid: c\n"), []string{"id-a low s aws", "b high s aws", "c high s aws"}},
		{"numbered ids", join(plainRule("a", "low"), "action: repeat\nlevel: high\n", "action: repeat\nlevel: critical\n"), []string{"id-a low s aws", "id-a-2 high s aws", "id-a-3 critical s aws"}},
		{"numbered titles", join(global+"logsource: {product: aws}\n", "author: a\n", "author: b\n"), []string{"title-cd0aa9856147b6c5 high s aws", "title-cd0aa9856147b6c5-2 high s aws"}},
		{"a correlation stays", join(global, two, count("x", "rules: [two]")), []string{"two high s aws"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := mustLink(t, c.text)
			var got []string
			for _, r := range s.Rules {
				words := []string{r.ID, string(r.Level)}
				for _, x := range r.Searches {
					words = append(words, x.Name)
				}
				got = append(got, strings.TrimSpace(strings.Join(append(words, r.LogSource.Product), " ")))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCollectionRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"action: repeat\nid: a\n":                                        "r.yml:1:9: there is no rule to repeat",
		"action: everything\nid: a\n":                                    `r.yml:1:9: action "everything": use global, reset or repeat`,
		join("action: global\ntitle: g\n", "id: a\n"):                    "r.yml:4:1: a rule needs a logsource",
		join("action: global\ntitle: g\n", "- a\n"):                      "r.yml:4:1: a rule is a map",
		join(plainRule("a", "low"), "action: repeat\nid: b\nlevel: x\n"): "r.yml:10:8: level \"x\"",
	} {
		s, errs := link(text, sigma.Options{})
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) || slices.ContainsFunc(s.Rules, func(r *sigma.Compiled) bool { return r.ID == "b" }) {
			t.Errorf("%q\ngot  %v\nwant %s", text, errs, want)
		}
	}
}
