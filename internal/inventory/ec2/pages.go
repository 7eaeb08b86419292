package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// paged hands on the pages of a list, from a token of EC2's or the beginning. A token that EC2 does not take any more is Invalid.
func paged(from string, ask func(token *string) ([]resource.Ref, *string, error), do inventory.Page) error {
	for token := from; ; {
		var at *string
		if token != "" {
			at = &token
		}
		refs, next, err := ask(at)
		if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "InvalidNextToken" {
			return fault.Wrap(fault.Invalid, err, "go on from where a list was cut off")
		}
		if err != nil {
			return err
		}
		token = aws.ToString(next)
		if err := do(refs, token); err != nil {
			return err
		}
		if token == "" {
			return nil
		}
	}
}

// gathered is the list that a reader gives in parts.
func gathered(ctx context.Context, r inventory.Pager, cfg aws.Config, p inventory.Place) ([]resource.Ref, error) {
	var out []resource.Ref
	err := r.Pages(ctx, cfg, p, "", func(part []resource.Ref, _ string) error {
		out = append(out, part...)
		return nil
	})
	return out, err
}
