package playbook

import (
	"fmt"
	"strings"
	"time"
)

// Doing says what a run waits for, or why it ended.
func (r Run) Doing() string {
	switch {
	case r.Paused != "":
		return "paused by " + r.Paused
	case !r.Ended.IsZero():
		return r.Reason
	case r.State == Verifying:
		return "reads again until " + r.Until.UTC().Format(time.TimeOnly)
	}
	var now []string
	for _, st := range r.Steps {
		switch st.State {
		case StepAsking:
			now = append(now, fmt.Sprintf("%s asks: %s", st.ID, st.Ask.Of))
		case StepTasked:
			now = append(now, st.ID+" waits for a person")
		case StepPausing:
			now = append(now, st.ID+" waits")
		case StepDoing:
			now = append(now, st.ID+" is being done")
		default:
		}
	}
	return strings.Join(now, "; ")
}
