package cli

import (
	"io"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
)

// writeOCSF writes findings as the house keeps them, one a line, each in its class.
func writeOCSF(to io.Writer, found ...finding.Finding) error {
	product := buildInfo().Version
	for _, f := range found {
		if err := writeJSON(to, ocsf.Of(f, product)); err != nil {
			return err
		}
	}
	return nil
}

// writeOCSF writes a hit with all that its rule says about itself, which a finding that was kept has no more.
func (h hit) writeOCSF(to io.Writer, now time.Time) error {
	r := h.match.Rule
	return writeJSON(to, ocsf.View(ocsf.Source{
		Finding: detect.Finding(h.event, h.match, now.UTC()), Event: h.event,
		Description: r.Description, Tags: r.Tags, Product: buildInfo().Version,
	}))
}
