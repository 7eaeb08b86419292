package cli

import (
	"io"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/hunt"
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

// writeHit writes a hit with all that its rule says about itself, which a finding that was kept has no more.
func writeHit(to io.Writer, h hunt.Hit, now time.Time) error {
	r := h.Match.Rule
	return writeJSON(to, ocsf.View(ocsf.Source{
		Finding: h.Finding(now.UTC()), Event: h.Event,
		Description: r.Description, Tags: r.Tags, Product: buildInfo().Version,
	}))
}
