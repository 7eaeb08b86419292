package app

import (
	"context"
	"time"

	"jobzero/internal/oncall/handoff"
)

// drills are the exercises that are planned or under way. The house has none of its own yet, and says so; what it tries by itself all the time
// stands in: whoever takes over knows by it that a page would come through, and that somebody outside would miss the house.
func (o *opened) drills(ctx context.Context) (handoff.Part, error) {
	items := []handoff.Item{{Title: "No exercise is known here", Why: "this version plans none; what follows is what jobzero tries by itself"}}
	for _, c := range []struct{ mark, title string }{{probed, "A probe went through the database and the bus"}, {checkpointedAt, "A checkpoint of the log was kept outside"}} {
		at, ok, err := o.tx.AuditMark(ctx, c.mark)
		if err != nil {
			return handoff.Part{}, err
		}
		i := handoff.Item{Title: c.title, State: "never"}
		if ok && at > 0 {
			i.State, i.At = "well", time.UnixMicro(at).UTC()
		}
		items = append(items, i)
	}
	ill := o.house.askHeart(ctx)
	beat := handoff.Item{Title: "The heartbeat says outside that jobzero is well", State: "well"}
	switch {
	case ill != nil:
		beat.State, beat.Why = "ill", ill.Error()
		o.eye(handoff.Item{Title: "No heartbeat: something is wrong with jobzero itself", Why: ill.Error()})
	case !o.house.config.Pulse.On():
		beat.State, beat.Why = "nobody hears it", "set pulse, or nobody is told when jobzero is silent"
	}
	return handoff.NewPart(handoff.Drills, append(items, beat), false), nil
}
