// Package pulse says outside that jobzero is well, so that somebody there can tell when it is not: a dead process tells nobody.
//
// It is: a beat to the address of a health check and to a metric of CloudWatch, and the rule by which work counts as stuck.
// It takes: the settings, a way into the hub's own account, and what waits.
// It gives: beats while all is well; what misses them pages (an alarm on missing data, the health check's own).
// Next door: app looks whether all is well, and beats only then; role lets the hub put the metric.
package pulse

// MetricNeeds is what putting the metric asks for, as an IAM action.
const MetricNeeds = "cloudwatch:PutMetricData"

// Metric is the name of the metric, and Namespace what it is in unless the settings say otherwise.
const (
	Metric    = "Heartbeat"
	Namespace = "jobzero"
)
