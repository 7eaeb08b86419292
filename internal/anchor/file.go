package anchor

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"

	"jobzero/internal/fault"
)

// fileKey is an Ed25519 key in a file. Whoever can read the file can sign: it is for those who have no KMS.
type fileKey struct{ private ed25519.PrivateKey }

// File reads a private key in PEM, as `openssl genpkey -algorithm ed25519` writes it.
func File(path string) (Key, error) {
	block, err := block(path)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(block)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: want a private key as `openssl genpkey -algorithm ed25519` writes it", path)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fault.New(fault.Invalid, "%s: a key of type %T: want one of Ed25519", path, key)
	}
	return fileKey{private}, nil
}

// PublicFile reads a public key in PEM, to verify by without the key itself.
func PublicFile(path string) (crypto.PublicKey, error) {
	block, err := block(path)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(block)
	return key, fault.Wrap(fault.Invalid, err, "%s: want a public key in PEM", path)
}

func block(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read a key")
	}
	b, _ := pem.Decode(text)
	if b == nil {
		return nil, fault.New(fault.Invalid, "%s: want a key in PEM", path)
	}
	return b.Bytes, nil
}

// Public is the public key.
func (k fileKey) Public(context.Context) (crypto.PublicKey, error) { return k.private.Public(), nil }

// Sign signs.
func (k fileKey) Sign(_ context.Context, statement []byte) (Checkpoint, error) {
	public, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return Checkpoint{}, fault.Wrap(fault.Internal, err, "write a public key")
	}
	sum := sha256.Sum256(public)
	return Checkpoint{Algorithm: edPure, Key: "sha256:" + hex.EncodeToString(sum[:]), Signature: ed25519.Sign(k.private, message(statement))}, nil
}
