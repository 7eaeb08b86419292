package role

import "jobzero/internal/pulse"

// pulses are what the hub may do to say that it is well: put data of metrics in one namespace.
func pulses(o Options) []Grant {
	if o.Pulse == "" {
		return nil
	}
	return []Grant{{
		Action: pulse.MetricNeeds, Resources: []string{"*"}, For: []string{"heartbeat"},
		Condition: map[string]map[string]any{"StringEquals": {"cloudwatch:namespace": o.Pulse}},
	}}
}
