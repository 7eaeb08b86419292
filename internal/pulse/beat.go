package pulse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// patience is how long one beat may take: the next one is soon.
const patience = 15 * time.Second

// Heart beats. Make it with New; it is safe for concurrent use.
type Heart struct {
	conf   Config
	client *http.Client
	metric *cloudwatch.Client // nil: there is none
}

// New makes a heart. hub gives the way into the hub's own account, by region.
func New(c Config, hub func(region string) aws.Config) *Heart {
	h := &Heart{conf: c, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if c.Metric.Namespace != "" {
		h.metric = cloudwatch.NewFromConfig(hub(c.Metric.Region))
	}
	return h
}

// Beat says outside that all is well. Each way is tried, whatever became of the other.
func (h *Heart) Beat(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return errors.Join(h.ask(ctx), h.put(ctx, now))
}

// ask asks for the address of the health check.
func (h *Heart) ask(ctx context.Context) error {
	if h.conf.URL == "" {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, h.conf.Method, h.conf.URL.Reveal(), http.NoBody)
	if err != nil {
		return fault.New(fault.Invalid, "pulse: the address cannot be asked for")
	}
	req.Header.Set("User-Agent", "jobzero")
	res, err := h.client.Do(req)
	if err != nil {
		return fault.New(fault.Unavailable, "pulse: the health check cannot be reached: %s", cause(err))
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again
	if res.StatusCode/100 != 2 {
		return fault.New(fault.Unavailable, "pulse: the health check answers %s", res.Status)
	}
	return nil
}

// cause is an error without the address, which holds a secret.
func cause(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return "the request failed"
}

// put puts the metric.
func (h *Heart) put(ctx context.Context, now time.Time) error {
	if h.metric == nil {
		return nil
	}
	d := types.MetricDatum{MetricName: aws.String(Metric), Timestamp: &now, Value: aws.Float64(1), Unit: types.StandardUnitCount}
	if h.conf.Metric.House != "" {
		d.Dimensions = []types.Dimension{{Name: aws.String("House"), Value: &h.conf.Metric.House}}
	}
	_, err := h.metric.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: &h.conf.Metric.Namespace, MetricData: []types.MetricDatum{d}})
	if err != nil {
		return awsorg.Fault(err, "put metric %s of %s", Metric, h.conf.Metric.Namespace)
	}
	return nil
}
