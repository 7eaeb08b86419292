// Package content is what jobzero knows, as text inside the binary.
//
// It is: the rules, expectations, playbooks and verdicts that come with jobzero, each with a .test file beside it.
// It takes: nothing; users add folders of their own in the settings.
// It gives: a file system with the folders rules, expectations, playbooks and verdicts.
// Next door: detect/sigma, expect and playbook with its verdicts read it.
package content

import (
	"embed"
	"io/fs"
)

//go:embed all:rules all:expectations all:playbooks all:verdicts
var files embed.FS

// FS holds the folders rules, expectations, playbooks and verdicts.
func FS() fs.FS { return files }
