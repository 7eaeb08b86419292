package world

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Trail is the slow way of events: a bucket of log files in the hub that tells a queue of each new one.
type Trail struct {
	Bucket string
	Queue  string // URL
	world  *World
}

// Trail makes a bucket, a queue, and the notification from one to the other, and to further queues (URLs).
func (w *World) Trail(ctx context.Context, name string, further ...string) (*Trail, error) {
	hub := w.AWS.Config(Hub)
	q, err := sqs.NewFromConfig(hub).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		return nil, err
	}
	c := s3.NewFromConfig(hub)
	if _, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name}); err != nil {
		return nil, err
	}
	told := &s3types.NotificationConfiguration{}
	for _, url := range append(further, aws.ToString(q.QueueUrl)) {
		arn := "arn:aws:sqs:" + Region + ":" + Hub + ":" + path.Base(url)
		told.QueueConfigurations = append(told.QueueConfigurations, s3types.QueueConfiguration{QueueArn: &arn, Events: []s3types.Event{"s3:ObjectCreated:*"}})
	}
	_, err = c.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: &name, NotificationConfiguration: told})
	return &Trail{Bucket: name, Queue: aws.ToString(q.QueueUrl), world: w}, err
}

// Deliver writes a log file of an account with the records, as CloudTrail does minutes after the calls, and gives its key.
func (t *Trail) Deliver(ctx context.Context, account string, records ...map[string]any) (string, error) {
	var file bytes.Buffer
	z := gzip.NewWriter(&file)
	if err := json.NewEncoder(z).Encode(map[string]any{"Records": records}); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	now := time.Now().UTC()
	key := fmt.Sprintf("AWSLogs/%[1]s/CloudTrail/%[2]s/%[3]s/%[1]s_CloudTrail_%[2]s_%[4]s_%[5]s.json.gz",
		account, Region, now.Format("2006/01/02"), now.Format("20060102T1504Z"), unique()[:8])
	_, err := s3.NewFromConfig(t.world.AWS.Config(Hub)).PutObject(ctx, &s3.PutObjectInput{
		Bucket: &t.Bucket, Key: &key, Body: bytes.NewReader(file.Bytes()), ContentType: aws.String("application/json"), ContentEncoding: aws.String("gzip"),
	})
	return key, err
}
