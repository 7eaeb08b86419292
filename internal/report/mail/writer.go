package mail

import (
	netmail "net/mail"
	"slices"
	"strings"
)

// writer says what wrote a message, by the headers that machines set so that no machine answers them (RFC 3834, section 2; RFC 5230,
// section 4.6; [MS-OXCMAIL] for X-Auto-Response-Suppress).
func writer(h netmail.Header, from string) Writer {
	local, _, _ := strings.Cut(from, "@")
	auto := strings.ToLower(firstWord(strings.TrimSuffix(firstWord(h.Get("Auto-Submitted")), ";")))
	path, returns := h["Return-Path"]
	switch {
	case auto == "auto-replied", returns && strings.TrimSpace(path[0]) == "<>", strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "multipart/report"),
		h.Get("X-Autoreply") != "", h.Get("X-Autorespond") != "", strings.EqualFold(h.Get("Precedence"), "auto_reply"), local == "mailer-daemon":
		return Answerer
	case auto != "" && auto != "no", h.Get("List-Id") != "", h.Get("List-Unsubscribe") != "", h.Get("X-Auto-Response-Suppress") != "",
		slices.Contains([]string{"bulk", "junk", "list"}, strings.ToLower(strings.TrimSpace(h.Get("Precedence")))),
		slices.Contains([]string{"postmaster", "noreply", "no-reply", "donotreply", "do-not-reply"}, local):
		return Machine
	}
	return Person
}
