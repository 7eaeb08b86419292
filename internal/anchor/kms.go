package anchor

import (
	"context"
	"crypto"
	"crypto/x509"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// kmsKey is an asymmetric key of KMS, which nobody can take out of it.
type kmsKey struct {
	client *kms.Client
	id     string

	mu        sync.Mutex
	public    crypto.PublicKey
	algorithm string
}

// KMS is a key for signing in KMS, by its ARN or alias.
func KMS(cfg aws.Config, id string) Key { return &kmsKey{client: kms.NewFromConfig(cfg), id: id} }

// learn asks once for the public key and what it can do.
func (k *kmsKey) learn(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.public != nil {
		return nil
	}
	out, err := k.client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &k.id})
	if err != nil {
		return awsorg.Fault(err, "read the public key of %s", k.id)
	}
	for _, a := range []string{ecdsaSHA256, rsaPSSSHA256} {
		if slices.Contains(out.SigningAlgorithms, types.SigningAlgorithmSpec(a)) && k.algorithm == "" {
			k.algorithm = a
		}
	}
	if k.algorithm == "" {
		return fault.New(fault.Invalid, "key %s cannot sign with %s or %s: want a key for SIGN_VERIFY of ECC_NIST_P256 or RSA", k.id, ecdsaSHA256, rsaPSSSHA256)
	}
	public, err := x509.ParsePKIXPublicKey(out.PublicKey)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the public key of %s", k.id)
	}
	k.public = public
	return nil
}

// Public is the public key.
func (k *kmsKey) Public(ctx context.Context) (crypto.PublicKey, error) {
	err := k.learn(ctx)
	return k.public, err
}

// Sign has KMS sign.
func (k *kmsKey) Sign(ctx context.Context, statement []byte) (Checkpoint, error) {
	if err := k.learn(ctx); err != nil {
		return Checkpoint{}, err
	}
	out, err := k.client.Sign(ctx, &kms.SignInput{
		KeyId: &k.id, Message: message(statement), MessageType: types.MessageTypeRaw, SigningAlgorithm: types.SigningAlgorithmSpec(k.algorithm),
	})
	if err != nil {
		return Checkpoint{}, awsorg.Fault(err, "sign with key %s", k.id)
	}
	return Checkpoint{Algorithm: k.algorithm, Key: aws.ToString(out.KeyId), Signature: out.Signature}, nil
}
