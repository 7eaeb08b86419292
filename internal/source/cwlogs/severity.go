package cwlogs

import "strings"

// severity puts the words that applications have for how bad it is into ours. The numbers are those of syslog, by
// https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1; other numbers mean something else in every library, and so nothing here.
func severity(said string) string {
	switch strings.ToLower(said) {
	case "trace", "debug", "info", "information", "informational", "notice", "5", "6", "7":
		return "informational"
	case "low":
		return "low"
	case "warn", "warning", "medium", "4":
		return "medium"
	case "error", "err", "high", "severe", "3":
		return "high"
	case "critical", "crit", "fatal", "alert", "emergency", "emerg", "panic", "0", "1", "2":
		return "critical"
	}
	return ""
}
