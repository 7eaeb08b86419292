package book_test

import (
	"strings"
	"testing"

	"jobzero/internal/playbook/book"
)

func TestAllThatIsWrongIsSaidWithItsPlace(t *testing.T) {
	_, bad := book.Read("two.yml", []byte(`id: Two
title: Two
why: Of each kind more than one.
when: {hand: true, tickets: [lost, human]}
guards: [{if: finding.colour == "red"}]
steps:
  - {id: a, action: x, if: "1 + 1"}
  - {id: a, action: x}
  - {id: c, wait: {}}
`))
	for _, want := range []string{
		`two.yml:1:5: id "Two"`, `two.yml:4:30: tickets: "lost"`, `two.yml:8:6: steps[1]: id "a" must be unique`,
		"two.yml:9:6: steps[2]: wait", "two.yml:5:", "two.yml:7:",
	} {
		found := false
		for _, err := range bad {
			found = found || strings.HasPrefix(err.Error(), want)
		}
		if !found {
			t.Errorf("nothing begins with %q in %v", want, bad)
		}
	}
	if len(bad) != 6 {
		t.Errorf("%d errors: %v", len(bad), bad)
	}
}

func TestEveryKeyThatThereIsNotIsNamed(t *testing.T) {
	_, bad := book.Read("keys.yml", []byte(`id: keys
titel: Keys
why: [a, b]
when: {hands: true}
steps:
  - {id: a, wait: {four: 1m, for: soon}}
  - {id: b, approval: {persons: two}, always: perhaps}
`))
	var all []string
	for _, err := range bad {
		all = append(all, err.Error())
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"keys.yml:2:1: there is no key \"titel\" here: is it title?", "keys.yml:3:6: this is a list: want a text", "is it hand?",
		"keys.yml:6:20: there is no key \"four\"", `"soon" is no duration`, `"two" is a text: want a number`, `"perhaps" is a text: want true or false`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if len(bad) != 7 {
		t.Errorf("%d errors:\n%s", len(bad), text)
	}
}
