// Command reference writes docs/reference from the program itself, or says which pages are stale.
//
// It is: the pages that must never be written by hand.
// It takes: nothing; -write to write.
// It gives: the pages, or exit 1 with the names of those that are not what they should be.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"jobzero/internal/app"
)

const (
	folder = "docs/reference"
	notice = "<!-- Made by `make docs` from the program itself. Do not edit. -->\n\n"
)

func main() {
	write := flag.Bool("write", false, "write the pages instead of comparing them")
	flag.Parse()
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(write bool) error {
	pages, err := pages()
	if err != nil {
		return err
	}
	var stale []string
	for name, text := range pages {
		path := filepath.Join(folder, name)
		want := []byte(notice + text)
		if filepath.Ext(name) != ".md" { // a schema has no place for it
			want = []byte(text)
		}
		have, err := os.ReadFile(path)
		if err == nil && bytes.Equal(have, want) {
			continue
		}
		stale = append(stale, path)
		if !write {
			continue
		}
		if err := os.WriteFile(path, want, 0o644); err != nil {
			return err
		}
	}
	slices.Sort(stale)
	if len(stale) > 0 && !write {
		return fmt.Errorf("stale: %v", stale)
	}
	return nil
}

// pages makes every page, by the name of its file.
func pages() (map[string]string, error) {
	knowledge, err := learned()
	if err != nil {
		return nil, err
	}
	schema, err := app.PlaybookSchema()
	if err != nil {
		return nil, err
	}
	described, err := openAPI()
	if err != nil {
		return nil, err
	}
	language, err := language()
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"playbook.schema.json": string(schema),
		"playbook-language.md": language,
		"openapi.yaml":         described,

		"README.md":       index,
		"commands.md":     commands(),
		"settings.md":     settings(),
		"road.md":         road(),
		"actions.md":      actions(),
		"permissions.md":  permissions(),
		"rules.md":        rules(knowledge),
		"expectations.md": expectations(knowledge),
		"playbooks.md":    playbooks(knowledge),
		"verdicts.md":     verdicts(knowledge),
	}, nil
}

const index = `# Reference

Made from the program itself, so that it cannot be out of date.

- [Commands](commands.md): every command with its options and examples
- [Settings](settings.md): the configuration file, explained
- [The road](road.md): the legs from what happened to what was settled
- [Rules](rules.md), [expectations](expectations.md), [playbooks](playbooks.md), [verdicts](verdicts.md): what is built in
- [The language of playbooks](playbook-language.md): every key, what conditions may ask, what is gathered; [as a JSON schema](playbook.schema.json) for editors
- [Agreement](agreement.md): what published examples say of the expectations
- [Actions](actions.md): what can be changed in AWS, what it risks and how far it can be taken back
- [The API](openapi.yaml): what programs ask over HTTP, as OpenAPI 3.1; [the how-to](../how-to/api.md) leads through it
- [Permissions](permissions.md): what the roles need
`
