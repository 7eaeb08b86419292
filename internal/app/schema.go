package app

import "jobzero/internal/playbook/book"

// PlaybookSchema is the JSON schema of playbooks, with the actions that there are.
func PlaybookSchema() ([]byte, error) { return book.Schema(actionIDs(Actions())) }
