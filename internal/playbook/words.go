package playbook

import "jobzero/internal/playbook/book"

// ActionOf is the action that a step has carried out: the one that it names, or the one behind notify, webhook, lambda and document.
// Empty: it changes nothing.
func ActionOf(s *book.Step) string { return actionOf(s) }
