package app

import (
	"jobzero/internal/console"
)

// reporting is what the console needs to take what anybody says is wrong.
func (h *House) reporting() console.Reporting {
	r := console.Reporting{
		Reports: func() interface {
			console.Reporter
			console.Answerer
		} {
			return h.reports()
		},
		Config: h.config.Report, Gate: h.gate, Folder: h.config.DataDir,
	}
	if !h.config.Auth.Ready() {
		r.Local = console.Local{Person: h.config.Console.Person}
	}
	return r
}
