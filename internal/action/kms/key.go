package kms

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// key is what decides over a key.
type key struct {
	ID, State, Manager, Origin, Spec string
	Deletion                         time.Time // when it is to be deleted, if it is
	Replica                          bool      // of a key of another region
	Rotates                          bool
	Days                             int32 // of a rotation's period; 0 where AWS does not say
}

// describe reads a key; it may be named by its ID or its ARN.
func describe(ctx context.Context, cfg aws.Config, t effect.Target) (k key, err error) {
	out, err := kms.NewFromConfig(setting.At(cfg, t.Ref)).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &t.Ref.ID})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "NotFoundException" {
		return k, setting.ErrGone
	}
	if err != nil {
		return k, awsorg.Fault(err, "read key %s", t.Ref.ID)
	}
	m := out.KeyMetadata
	if m == nil || m.KeyState == "" {
		return k, fault.New(fault.Unavailable, "read key %s: the API answered without its state", t.Ref.ID)
	}
	k = key{ID: aws.ToString(m.KeyId), State: string(m.KeyState), Manager: string(m.KeyManager), Origin: string(m.Origin), Spec: string(m.KeySpec), Deletion: aws.ToTime(m.DeletionDate).UTC()}
	if c := m.MultiRegionConfiguration; c != nil {
		k.Replica = c.MultiRegionKeyType == types.MultiRegionKeyTypeReplica
	}
	return k, nil
}

func (k key) arn(t effect.Target) string { return setting.ARN(t.Ref, "kms", "key/"+k.ID) }
