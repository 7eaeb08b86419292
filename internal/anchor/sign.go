package anchor

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"jobzero/internal/fault"
)

// The algorithms, as KMS names them (docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
const (
	ecdsaSHA256  = "ECDSA_SHA_256"
	rsaPSSSHA256 = "RSASSA_PSS_SHA_256"
	edPure       = "ED25519"
)

// Key signs checkpoints, and gives what they are verified by.
type Key interface {
	Sign(ctx context.Context, statement []byte) (Checkpoint, error)
	Public(ctx context.Context) (crypto.PublicKey, error)
}

// Sign makes a checkpoint of a statement.
func Sign(ctx context.Context, k Key, s Statement) ([]byte, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a checkpoint")
	}
	c, err := k.Sign(ctx, text)
	if err != nil {
		return nil, err
	}
	c.Statement = text
	public, err := k.Public(ctx)
	if err != nil {
		return nil, err
	}
	if err := verify(public, c); err != nil { // what cannot be verified is no proof: better to say so now
		return nil, fault.Wrap(fault.Internal, err, "the signature that was just made by %s", c.Key)
	}
	return json.Marshal(c)
}

// message is what a key signs of a statement: KMS takes 4096 bytes at the most, and a statement has more.
func message(statement []byte) []byte {
	sum := sha256.Sum256(statement)
	return []byte(form + " " + hex.EncodeToString(sum[:]))
}

// verify reports nothing when the key has signed the checkpoint.
func verify(key crypto.PublicKey, c Checkpoint) error {
	text := message(c.Statement)
	sum := sha256.Sum256(text)
	var ok bool
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		ok = c.Algorithm == ecdsaSHA256 && ecdsa.VerifyASN1(k, sum[:], c.Signature)
	case *rsa.PublicKey:
		ok = c.Algorithm == rsaPSSSHA256 && rsa.VerifyPSS(k, crypto.SHA256, sum[:], c.Signature, nil) == nil
	case ed25519.PublicKey:
		ok = c.Algorithm == edPure && ed25519.Verify(k, text, c.Signature)
	default:
		return fault.New(fault.Invalid, "a key of type %T verifies no checkpoint: want ECDSA, RSA or Ed25519", key)
	}
	if !ok {
		return fault.New(fault.Conflict, "the key has not signed it (it says %s by %s)", c.Algorithm, c.Key)
	}
	return nil
}
