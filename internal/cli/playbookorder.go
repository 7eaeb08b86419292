package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
)

const runNames = "RUN is the whole name of the run, or a beginning or end of it that no other run has."

func (s *shell) playbookPause() *cobra.Command {
	return s.orderRun(playbook.Pause, &cobra.Command{
		Use:     "pause RUN --reason TEXT",
		Short:   "Hold a run",
		Long:    "Holds a run: no step of it begins, and no call that has not been made is made, until it is resumed. What was asked stays\nasked.\n\n" + runNames,
		Example: `  jobzero playbook pause 4ZQX --reason "the owner is looking at it"`,
	})
}

func (s *shell) playbookResume() *cobra.Command {
	return s.orderRun(playbook.Resume, &cobra.Command{
		Use:     "resume RUN --reason TEXT",
		Short:   "Let a paused run go on",
		Long:    "Lets a paused run go on where it was.\n\n" + runNames,
		Example: `  jobzero playbook resume 4ZQX --reason "the owner agrees"`,
	})
}

func (s *shell) playbookCancel() *cobra.Command {
	return s.orderRun(playbook.Cancel, &cobra.Command{
		Use:   "cancel RUN --reason TEXT",
		Short: "End a run and leave its ticket to a person",
		Long: `Ends a run and leaves its ticket to a person. What was done stays done: "jobzero playbook undo" takes it back.

` + runNames,
		Example: `  jobzero playbook cancel 4ZQX --reason "it is a drill"`,
	})
}

func (s *shell) playbookUndo() *cobra.Command {
	return s.orderRun(func(ctx context.Context, st playbook.Store, id string, o playbook.Order, now time.Time) error {
		_, err := playbook.RequestUndoRun(ctx, st, id, o, now)
		return err
	}, &cobra.Command{
		Use:   "undo RUN --reason TEXT",
		Short: "Ask for everything that a run did to be taken back",
		Long: `Writes the request that everything a run did be taken back, last first; a running serve carries it out. The run must have
ended: cancel it first. Of what an attacker would want undone two people have to ask. How far each effect can be taken back,
its class says: exact, compensating, none.

` + runNames,
		Example: `  jobzero playbook undo 4ZQX --reason "the shop needs the bucket, it is in the intent file now"`,
	})
}

// orderRun makes a command that asks something of a run.
func (s *shell) orderRun(verb func(context.Context, playbook.Store, string, playbook.Order, time.Time) error, c *cobra.Command) *cobra.Command {
	var (
		form format
		who  order
	)
	c.Args = arguments(cobra.ExactArgs(1))
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := who.settle(); err != nil {
			return err
		}
		return s.changeRun(cmd.Context(), args[0], form, func(st playbook.Store, r playbook.Run) error {
			return verb(cmd.Context(), st, r.ID, playbook.Order{Person: who.person, Reason: who.reason}, s.now())
		})
	}
	form.flag(c)
	who.flags(c)
	return c
}

// changeRun does something to a run, and says what became of it.
func (s *shell) changeRun(ctx context.Context, name string, form format, do func(playbook.Store, playbook.Run) error) error {
	return s.with(ctx, func(st *store.Store) error {
		r, err := view(ctx, st, func(tx *store.Tx) (playbook.Run, error) { return findRun(ctx, tx, name) })
		if err != nil {
			return err
		}
		if err := do(playbookStore(st), r); err != nil {
			return err
		}
		if r, err = view(ctx, st, func(tx *store.Tx) (playbook.Run, error) { return tx.Run(ctx, r.ID) }); err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(r)
		}
		return s.print("%s", became(r))
	})
}

// became says how a run is after a person has said something about it.
func became(r playbook.Run) string {
	text := "Run " + r.ID + " of " + r.Playbook + " is " + string(r.State)
	switch {
	case r.State == playbook.Undoing:
		return text + ": a running serve takes everything back, last first."
	case r.UndoAsked != nil:
		return text + ". Noted. Undoing this is what an attacker would want: another person has to ask for it too."
	case r.Cancel != "" && r.Ended.IsZero():
		return text + ", and is to end: " + r.Cancel + "."
	case r.Paused != "":
		return text + ", paused by " + r.Paused + "."
	}
	return text + "."
}

func (s *shell) playbookApprove() *cobra.Command {
	return s.answerRun(playbook.Respond, true, &cobra.Command{
		Use:   "approve RUN STEP --reason TEXT",
		Short: "Agree to a step that asks",
		Long: `Agrees to a step of a run that asks people. Where the step shows a plan it is exactly that plan that is agreed to: should
the world change before it is done, it is asked again. Nobody agrees to what they asked for themselves, to what is done
about what they did, or twice.

` + runNames,
		Example: `  jobzero playbook approve 4ZQX isolate --reason "seen the flow logs, it is mining"`,
	})
}

func (s *shell) playbookDeny() *cobra.Command {
	return s.answerRun(playbook.Respond, false, &cobra.Command{
		Use:     "deny RUN STEP --reason TEXT",
		Short:   "Say no to a step that asks",
		Long:    "Says no to a step of a run that asks people: the step has failed then, and is not tried again.\n\n" + runNames,
		Example: `  jobzero playbook deny 4ZQX isolate --reason "it is the load test of today"`,
	})
}

func (s *shell) playbookDone() *cobra.Command {
	return s.answerRun(playbook.Finish, true, &cobra.Command{
		Use:     "done RUN STEP --reason TEXT",
		Short:   "Say that a person's task is done",
		Long:    "Says that the task which a step of a run gave to a person is done: the run goes on.\n\n" + runNames,
		Example: `  jobzero playbook done 4ZQX call-owner --reason "called, they knew nothing of it"`,
	})
}

func (s *shell) playbookFailed() *cobra.Command {
	return s.answerRun(playbook.Finish, false, &cobra.Command{
		Use:     "failed RUN STEP --reason TEXT",
		Short:   "Say that a person's task could not be done",
		Long:    "Says that the task which a step of a run gave to a person could not be done: the step has failed then.\n\n" + runNames,
		Example: `  jobzero playbook failed 4ZQX call-owner --reason "nobody answers"`,
	})
}

// answerRun makes a command that answers a step of a run.
func (s *shell) answerRun(verb func(context.Context, playbook.Store, playbook.Answer, time.Time) error, yes bool, c *cobra.Command) *cobra.Command {
	var (
		form format
		who  order
	)
	c.Args = arguments(cobra.ExactArgs(2))
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := who.settle(); err != nil {
			return err
		}
		return s.changeRun(cmd.Context(), args[0], form, func(st playbook.Store, r playbook.Run) error {
			a := playbook.Answer{Run: r.ID, Step: args[1], Yes: yes, Order: playbook.Order{Person: who.person, Reason: who.reason}}
			return verb(cmd.Context(), st, a, s.now())
		})
	}
	form.flag(c)
	who.flags(c)
	return c
}

// findRun finds a run by its name, or a beginning or end of it.
func findRun(ctx context.Context, tx *store.Tx, name string) (playbook.Run, error) {
	r, err := tx.Run(ctx, name)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return r, err
	}
	all, err := tx.Runs(ctx, playbook.RunFilter{Limit: maxList})
	if err != nil {
		return r, err
	}
	id, err := pick("run", name, names(all, func(r playbook.Run) string { return r.ID }))
	if fault.Is(err, fault.NotFound) {
		return r, fault.New(fault.NotFound, "there is no run %q: `jobzero playbook runs` shows them", name)
	}
	if err != nil {
		return r, err
	}
	return tx.Run(ctx, id)
}
