package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"jobzero/internal/config"
)

// Run builds the house, runs it until ctx ends, and ends it well. SIGHUP has it load again what people write.
func Run(ctx context.Context, c config.Config, o Options) error {
	hup := make(chan os.Signal, 1) // from the beginning: who does not listen is ended by it
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	h, err := New(ctx, c, o)
	if err != nil {
		return err
	}
	if err := h.Start(ctx); err != nil {
		return errors.Join(err, h.Stop(ctx))
	}
	h.greet(ctx)
	for {
		select {
		case <-ctx.Done():
			h.log.Info("stopping")
			return h.Stop(ctx)
		case err := <-h.door.Done():
			return errors.Join(err, h.Stop(ctx))
		case <-hup:
			h.reload(ctx)
		}
	}
}

// reload loads again what people write, has what is new run over the archive, and what exists judged by it.
func (h *House) reload(ctx context.Context) {
	if err := h.learn(); err != nil {
		h.log.Error("not reloaded; the old texts go on", "error", err)
		return
	}
	if err := h.planSweeps(ctx); err != nil {
		h.log.Error("what exists is judged by the new texts when its turn comes; reload once more to have it judged now", "error", err)
	}
	if err := h.planHandoffs(ctx); err != nil {
		h.log.Error("duty is handed over by the new rota from its next shift on", "error", err)
	}
	if err := h.planRotas(ctx); err != nil {
		h.log.Error("the new rota is proved with what was changed in it when its turn comes", "error", err)
	}
	if err := h.planBackrun(ctx); err != nil {
		h.log.Error("the new rules judge what comes; reload once more to have them run over the archive", "error", err)
	}
}

// learn loads what people write and swaps it in whole. When it fails the old one goes on.
func (h *House) learn() error {
	k, bad, err := Learn(h.config)
	if err != nil {
		return err
	}
	for _, b := range bad {
		h.log.Warn("content", "error", b)
	}
	h.swapping.Lock()
	k.know(h.rights.Load())
	h.sessions.Serve(k)
	h.knowledge.Store(k)
	h.swapping.Unlock()
	h.log.Info("loaded", "rules", len(k.Rules), "expectations", len(k.Expectations.IDs()), "playbooks", len(k.Playbooks))
	return nil
}

func (h *House) greet(ctx context.Context) {
	debug.FreeOSMemory() // what was read at the start is not read again soon
	mode := string(h.config.Playbooks.Mode)
	if len(h.config.Playbooks.Enforce) > 0 {
		mode += ", and enforce where the settings say so"
	}
	queues := len(h.config.Sources.EventBridge) + len(h.config.Sources.S3)
	h.log.Info("ready", "address", "http://"+h.address.String(), "accounts", len(h.config.Accounts), "queues", queues, "mode", mode)
	h.invite(ctx)
	if queues == 0 {
		h.log.Warn("no sources: nothing is watched yet; `jobzero config example` shows how to name a queue")
	}
}

// together runs all and waits for all. With nothing to run it waits for the end.
func together(ctx context.Context, all []func(context.Context) error) error {
	if len(all) == 0 {
		<-ctx.Done()
		return nil
	}
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for _, run := range all {
		wait.Go(func() {
			if err := run(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}
