package cfn_test

import (
	"testing"

	"jobzero/internal/design/cfn"
)

// TestMade: of a stack that is there, references give what was made, through every function.
func TestMade(t *testing.T) {
	made := func(name, attribute string) (string, bool) {
		switch name + "." + attribute {
		case "Data.":
			return "shop-data-1x2y", true
		case "Data.Arn":
			return "arn:aws:s3:::shop-data-1x2y", true
		case "MadeByATransform.":
			return "role-1", true
		}
		return "", false
	}
	d, err := cfn.Read("shop", []byte(`Resources:
  Data: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Select [1, !Split ["-", !Ref Data]]
      DisplayName: !Sub "${Data.Arn}/${MadeByATransform}/${AWS::StackId}"
      KmsMasterKeyId: !ImportValue shop-key
      FifoTopic: !GetAtt Queue.Arn
`), cfn.Options{Made: made, StackID: "arn:stack", Exports: map[string]string{"shop-key": "key-1"}})
	if err != nil {
		t.Fatal(err)
	}
	got := d.Resources[2]
	for name, want := range map[string]any{
		"TopicName": "data", "DisplayName": "arn:aws:s3:::shop-data-1x2y/role-1/arn:stack", "KmsMasterKeyId": "key-1", "FifoTopic": nil,
	} {
		if got.Properties[name] != want {
			t.Errorf("%s is %v, want %v", name, got.Properties[name], want)
		}
	}
	if len(got.Unknown) != 1 || got.Unknown[0].Path != "properties.FifoTopic" {
		t.Errorf("what was not told: %+v", got.Unknown)
	}
}
