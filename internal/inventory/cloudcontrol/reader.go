package cloudcontrol

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Reader reads one type through Cloud Control. The ID is CloudFormation's: of several parts, they stand with | between them.
type Reader struct{ entry }

// Readers gives a reader for each type of the table.
func Readers() []Reader {
	var out []Reader
	for _, e := range table() {
		out = append(out, Reader{e})
	}
	return out
}

// Type is the type of the reader's line.
func (r Reader) Type() resource.Type { return r.typ }

// Needs lists Cloud Control's own actions, and those that it uses on behalf of who calls it.
func (r Reader) Needs() []string {
	h := schema.HandlersOf(r.typ)
	out := append([]string{"cloudformation:GetResource", "cloudformation:ListResources"}, h.Read...)
	out = append(out, h.List...)
	if r.parent != "" {
		out = append(out, schema.HandlersOf(r.parent).List...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Read reads a resource. Only ResourceNotFound makes it gone; that Cloud Control does not know the type in this region says nothing
// about the resource.
func (r Reader) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	cfg = r.at(cfg)
	if ref.Region == "" && !r.typ.Global() {
		ref.Region = cfg.Region
	}
	name := string(r.typ)
	out, err := cloudcontrol.NewFromConfig(cfg).GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: &name, Identifier: &ref.ID})
	switch {
	case is(err, "ResourceNotFoundException"):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case is(err, "TypeNotFoundException"), is(err, "UnsupportedActionException"), is(err, "PrivateTypeException"):
		return inventory.Unseen(ref, "AWS Cloud Control does not read "+name+" in "+cfg.Region), nil
	case err != nil:
		return resource.Resource{}, explain(err, "read %s", ref)
	case out.ResourceDescription == nil || out.ResourceDescription.Properties == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without properties", ref)
	}
	res, err := describe(ref, *out.ResourceDescription.Properties)
	if err != nil {
		return resource.Resource{}, err
	}
	return res, nil
}

// at is the session in the region where the type's resources are to be read: those of the whole account where the partition
// keeps them.
func (r Reader) at(cfg aws.Config) aws.Config {
	if !r.typ.Global() {
		return cfg
	}
	cfg = cfg.Copy()
	cfg.Region = awsorg.Home(cfg.Region)
	return cfg
}

func is(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}

// explain gives an error its code. What Cloud Control's handlers were refused comes back as a failure of other names, with the
// refusal in its text.
func explain(err error, format string, args ...any) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if ok && !is(err, "AccessDeniedException") {
		message := api.ErrorMessage()
		for _, word := range []string{"AccessDenied", "not authorized to perform", "UnauthorizedOperation"} {
			if strings.Contains(message, word) {
				return fault.Wrap(fault.Denied, err, format, args...)
			}
		}
		switch api.ErrorCode() {
		case "GeneralServiceException", "HandlerFailureException", "HandlerInternalFailureException", "NetworkFailureException",
			"NotStabilizedException", "ServiceInternalErrorException", "ServiceLimitExceededException":
			return fault.Wrap(fault.Unavailable, err, format, args...)
		case "InvalidCredentialsException":
			return fault.Wrap(fault.Denied, err, format, args...)
		}
	}
	return awsorg.Fault(err, format, args...)
}
