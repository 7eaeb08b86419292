package grant

import (
	"context"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/glass"
)

// attempt notes that calls are about to be made; why says that they may not be.
func (k *Keeper) attempt(ctx context.Context, u glass.Use, name string) (why string, err error) {
	err = k.store.Update(ctx, func(tx Tx) error {
		why = ""
		now, err := tx.Glass(ctx, u.ID)
		if err != nil {
			return err
		}
		if now.Version != u.Version {
			return errMoved
		}
		if now.State == glass.Granting {
			if why, err = k.brake(ctx, tx, u.Account); err != nil || why != "" {
				return err
			}
		}
		s := now.Step(name)
		repeated := s.Calling
		s.Attempts++
		s.Calling = true
		if repeated {
			return k.tell(ctx, tx, &now, entry{line: glass.Line{Kind: "repeat", Text: "The attempt before at " + name + " left no record. The action looks first, so repeating it is harmless"}})
		}
		now.Version++
		return tx.SaveGlass(ctx, now)
	})
	return why, err
}

// came is what came of an attempt at a step.
type came struct {
	name   string
	result effect.Result
	failed error
}

// record writes down what came of an attempt, whatever has become of the use in the meantime.
func (k *Keeper) record(ctx context.Context, u glass.Use, c came) error {
	return k.store.Update(ctx, func(tx Tx) error {
		now, err := tx.Glass(ctx, u.ID)
		if err != nil {
			return err
		}
		s := now.Step(c.name)
		s.Calling = false
		e := entry{data: c.result.Bare(), made: c.result.Made}
		switch {
		case fault.Is(c.failed, fault.Conflict):
			s.State, s.Error = effect.Failed, c.failed.Error()
			e.line = glass.Line{Kind: "replan", Text: "The world moved on since the plan; planning " + c.name + " again: " + c.failed.Error()}
		case c.failed != nil && s.Error == c.failed.Error() && k.worse(now) == "" && len(e.made) == 0: // said before
			now.Version++
			return tx.SaveGlass(ctx, now)
		case c.failed != nil:
			s.Error, e.worse = c.failed.Error(), k.worse(now)
			now.Alarm = now.Alarm || e.worse != ""
			e.line = glass.Line{Kind: "retry", Text: c.name + " did not come through and is tried again: " + c.failed.Error()}
		default:
			s.State, s.Result, s.Error, s.Done = effect.Done, c.result, "", k.now()
			e.line = glass.Line{Kind: "effect", Text: "Done: " + c.name + calls(c.result)}
		}
		k.late(&now, u, c)
		return k.tell(ctx, tx, &now, e)
	})
}

// late has a use end once more when a grant was made while somebody else was ending it.
func (k *Keeper) late(now *glass.Use, was glass.Use, c came) {
	if was.State == glass.Granting && c.name == glass.Give && c.result.Calls > 0 && now.State == glass.Ended {
		now.State, now.By = glass.Ending, k.now()
		if take := now.Step(glass.Take); take != nil {
			take.State = effect.Failed // to be done once more
		}
	}
}

func calls(r effect.Result) string {
	if r.Already {
		return "; it was so already, nothing was called"
	}
	return ""
}
