package cacao

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"jobzero/internal/playbook/book"
)

// What jobzero is called in CACAO. The UUIDs were drawn once.
const (
	author    = "identity--5a1c4b7e-90d3-4d52-8f0e-6b1a2c9d7e34"
	extension = "extension-definition--c0f4a7d2-3b68-4e19-9a75-d81e52b6f043"
	software  = "security-category--8d2f61b3-47ea-4c05-b9d8-1f7e3a60c592"
	people    = "group--e37b905c-1d84-4f6a-a2c3-749bd05e18f6"
)

// identifier makes the identifier of an object of ours. The same names give the same one, so that two exports of one playbook can be
// compared; it has the form of a random UUID (version 4), which the specification wants of steps, with a hash for the chance.
func identifier(kind string, names ...string) string {
	sum := sha256.Sum256([]byte("jobzero\x00" + kind + "\x00" + strings.Join(names, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return kind + "--" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// PlaybookID is the identifier that a playbook of ours has in CACAO.
func PlaybookID(id string) string { return identifier("playbook", id) }

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

const longestSlug = 60

// slug makes an ID of ours of a name.
func slug(name, otherwise string) string {
	s := strings.Trim(noWord.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if len(s) > longestSlug {
		s = strings.Trim(s[:longestSlug], "-")
	}
	if s == "" {
		return otherwise
	}
	return s
}

// variable makes the name of a variable, or nothing where there is none of that name.
func variable(name string) string {
	v := "__" + strings.ReplaceAll(name, "-", "_") + "__"
	if !variableForm.MatchString(v) {
		return ""
	}
	return v
}

// told is what an extension of ours says of a step: the step itself without those in it, as people write it.
type told struct {
	// When is the condition of the one step inside of an if-condition.
	When string `yaml:"when"`
	// Part is what a step of a workflow is of that our language does not write as a step: loop, stop or undo.
	Part string     `yaml:"part"`
	Step *book.Step `yaml:"step"`
}

// The properties of our extension (section 8.2: three letters at least).
const (
	stepProperty     = "jobzero_step"
	playbookProperty = "jobzero_playbook"
)
