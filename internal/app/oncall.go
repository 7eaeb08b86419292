package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/org"
)

// Rotas loads the rotas that the settings name, or else the built-in one. Whether they hold for the year ahead is another question.
func Rotas(c config.Config, people *org.Org) (*oncall.Set, error) {
	if c.OnCall.Rota == "" {
		return oncall.Sample()
	}
	text, err := os.ReadFile(c.OnCall.Rota)
	if err != nil {
		return nil, fault.Path(err, c.OnCall.Rota, "a file of rotas: jobzero oncall example shows one")
	}
	if people == nil {
		return nil, fault.New(fault.Invalid, "%s:1:1: its members are people of the organisation: say in org where that is", c.OnCall.Rota)
	}
	return oncall.Parse(c.OnCall.Rota, text, people, func(path string) ([]byte, error) {
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(c.OnCall.Rota), path)
		}
		data, err := os.ReadFile(path)
		return data, fault.Path(err, path, "a calendar (RFC 5545)")
	})
}

// rotas has the rotas loaded, and refuses those that do not hold for the year ahead: whoever starts or reloads by them would have a time in which
// nobody is on duty.
func (k *Knowledge) rotas(c config.Config, now time.Time) (err error) {
	if k.Rotas, err = Rotas(c, k.Org); err != nil {
		return fmt.Errorf("oncall.rota: %w", err)
	}
	for _, name := range k.Rotas.Rotas() {
		p, err := k.Rotas.Plan(name, oncall.Facts{})
		if err != nil {
			return err
		}
		if err := p.Prove(now, oncall.Year(now)).Err(); err != nil {
			return fmt.Errorf("oncall.rota: %w", err)
		}
	}
	return nil
}

// Duty gives who is on duty in a rota at a time, by its text, by what was changed, and by which handoffs were accepted. An empty name is the
// first rota of the text.
func (h *House) Duty(ctx context.Context, rota string, at time.Time) (oncall.Duty, error) {
	p, err := h.knowledge.Load().Rotas.Plan(rota, oncall.Facts{})
	if err != nil {
		return oncall.Duty{}, err
	}
	return p.At(at), nil
}
