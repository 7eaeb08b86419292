package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/gather"
)

// rightsFolder is where the house keeps what it has read of who may do what.
func (h *House) rightsFolder() string { return filepath.Join(h.config.DataDir, "access") }

// collected is the file whose time says when the folder was last filled; its name keeps it from being read.
const collected = ".collected"

// collectRights reads who may do what from all accounts when that is due. What cannot be read is told, and the file of before stays; of an
// account that was never read there is none, and who is in it is not known.
func (h *House) collectRights(ctx context.Context) error {
	every, dir := h.config.Access.Every, h.rightsFolder()
	if every <= 0 {
		return nil
	}
	mark := filepath.Join(dir, collected)
	if info, err := os.Stat(mark); err == nil && time.Since(info.ModTime()) < every {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(fault.Invalid, err, "make the folder %s", dir)
	}
	missed := 0
	into := gather.Folder{Gatherer: gather.Gatherer{Entry: h.org, Watch: h.config.Watch()}, Resources: h.inventory, Dir: dir}
	into.Miss = func(err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		missed++
		h.log.Warn("a part of who may do what could not be read", "error", err)
		return nil
	}
	began := time.Now()
	if through := h.config.Organization(); through != "" {
		if err := into.Tree(ctx, through); err != nil {
			return err
		}
	}
	for _, a := range h.config.Accounts {
		if err := into.Account(ctx, gather.Account{ID: a.ID, Regions: a.Regions}); err != nil {
			return err
		}
	}
	h.log.Info("read who may do what from the accounts", "accounts", len(h.config.Accounts), "missed", missed, "took", time.Since(began).Round(time.Second))
	return fault.Wrap(fault.Invalid, os.WriteFile(mark, nil, 0o600), "write %s", mark)
}
