package logs

import (
	"errors"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/alb"
	"jobzero/internal/source/apigateway"
	"jobzero/internal/source/cloudfront"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/eks"
	"jobzero/internal/source/line"
	"jobzero/internal/source/resolver"
	"jobzero/internal/source/s3access"
	"jobzero/internal/source/vpcflow"
	"jobzero/internal/source/waf"
)

// Options are what only the owner of the logs knows; the zero value is for AWS's own formats.
type Options struct {
	FlowFormats []PlacedFormat // of flow logs in files without a header line
	Groups      []cwlogs.Group // which log is in which log group
}

// Open begins to read a log. Errors are fault.Invalid: there is no such log.
func (o Options) Open(log event.Log, p line.Place) (line.Reader, error) {
	switch log {
	case event.VPCFlow:
		return vpcflow.New(p, o.flowFormat(p)), nil
	case event.Resolver:
		return resolver.New(p), nil
	case event.S3Access:
		return s3access.New(p), nil
	case event.WAF:
		return waf.New(p), nil
	case event.LoadBalancer:
		return alb.New(p), nil
	case event.CloudFront:
		return cloudfront.New(p), nil
	case event.APIGateway:
		return apigateway.New(p), nil
	case event.EKSAudit:
		return eks.New(p), nil
	case event.CloudTrail, event.Log(event.CloudTrail.String()):
		return trail{}, nil
	}
	for _, g := range o.Groups {
		if g.Log == log && g.Fields != nil {
			return cwlogs.Application(g, p), nil
		}
	}
	return nil, fault.New(fault.Invalid, "there is no reader for the log %q", string(log))
}

// Envelopes begins to read what CloudWatch Logs sends to subscribers.
func (o Options) Envelopes(p line.Place) *cwlogs.Reader {
	return cwlogs.New(p, o.Groups, func(g cwlogs.Group, p line.Place) (line.Reader, error) {
		if g.Format == "" {
			return o.Open(g.Log, p)
		}
		format, err := vpcflow.ParseFormat(g.Format)
		if err != nil {
			return nil, err
		}
		return vpcflow.New(p, format), nil
	})
}

// trail reads records of CloudTrail that came by way of a log group.
type trail struct{}

// Read makes an event of a record; see line.Reader.
func (trail) Read(in line.Entry) (*event.Event, error) {
	e, err := cloudtrail.Parse(in.Text, in.Origin)
	if errors.Is(err, cloudtrail.ErrOther) {
		return nil, &source.Other{Name: "JSON that is no CloudTrail record"}
	}
	return e, err
}
