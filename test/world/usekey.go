package world

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// useKey calls the API as whoever found the key would: with nothing but the key.
func (w *World) useKey(ctx context.Context, id, secret string) error {
	cfg := aws.Config{
		Region: Region, BaseEndpoint: aws.String(w.AWS.Endpoint),
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	}
	_, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	return err
}

func rawPolicy(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	return v
}
