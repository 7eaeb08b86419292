package cfn_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design/cfn"
	"jobzero/internal/resource"
)

const certainly = `Parameters:
  Plain: {Type: String}
  Long: {Type: String, MinLength: 8}
  Chosen: {Type: String, AllowedValues: [a, b]}
  OrEmpty: {Type: String, AllowedValues: [a, ""]}
  Hidden: {Type: String, NoEcho: true}
  Echoed: {Type: String, NoEcho: false}
  Vpc: {Type: 'AWS::EC2::VPC::Id'}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop}
  Many: {Type: CommaDelimitedList}
  Switch: {Type: String}
Conditions: {On: !Equals [!Ref Switch, "yes"]}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Access: {Type: AWS::IAM::AccessKey, Properties: {UserName: shop}}
  Custom: {Type: Custom::Thing, Properties: {ServiceToken: a}}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: %s
`

// TestCertain: what is certain of a value that only deployment tells: that it is a text and not an empty one, and who sees it.
func TestCertain(t *testing.T) {
	for text, want := range map[string]resource.Unknown{
		`!Ref Key`:                        {Filled: true, Seen: resource.Named},
		`!GetAtt Key.Arn`:                 {Filled: true, Seen: resource.Named},
		`!GetAtt Key.KeyId`:               {Filled: true, Seen: resource.Named},
		`!GetAtt Access.SecretAccessKey`:  {},             // it is what it says
		`!Ref Custom`:                     {Filled: true}, // whatever its function gives
		`!Ref AWS::StackId`:               {Filled: true, Seen: resource.Named},
		`!Sub "${Key}"`:                   {Filled: true, Seen: resource.Named},
		`!If [On, !Ref Key, !Ref Access]`: {Filled: true, Seen: resource.Named},
		`!GetAtt Custom.Value`:            {}, // it may give nothing
		`!Ref Nobody`:                     {Filled: true, Seen: resource.Named},
		`!Ref Plain`:                      {Seen: resource.Shown},
		`!Ref Echoed`:                     {Seen: resource.Shown},
		`!Ref Long`:                       {Filled: true, Seen: resource.Shown},
		`!Ref Chosen`:                     {Filled: true, Seen: resource.Shown},
		`!Ref OrEmpty`:                    {Seen: resource.Shown},
		`!Ref Hidden`:                     {Seen: resource.Sealed},
		`!Ref Vpc`:                        {Filled: true, Seen: resource.Shown},
		`!Ref Stored`:                     {Filled: true},
		`!Ref Many`:                       {},
		`!Sub "alias/${Plain}"`:           {Filled: true},
		`!Sub "${Plain}"`:                 {Seen: resource.Shown},
		`!Sub "${Plain}${OrEmpty}"`:       {},
		`!ImportValue key`:                {},
		`!If [On, !Ref Key, alias/shop]`:  {Filled: true},
		`!If [On, !Ref Key, ""]`:          {},
		`!If [On, !Ref Key, !Ref "AWS::NoValue"]`:                  {},
		`!If [On, !Ref Hidden, !Ref Hidden]`:                       {Seen: resource.Sealed},
		`!If [On, !Ref Hidden, !Ref Plain]`:                        {},
		`"{{resolve:secretsmanager:shop}}"`:                        {Filled: true, Seen: resource.Sealed},
		`"{{resolve:ssm-secure:shop}}"`:                            {Filled: true, Seen: resource.Sealed},
		`"{{resolve:ssm:shop}}"`:                                   {Filled: true, Seen: resource.Shown},
		`!Sub "{{resolve:secretsmanager:${Plain}}}"`:               {Filled: true, Seen: resource.Sealed},
		`!Sub "{{resolve:ssm:${Plain}}}"`:                          {Filled: true},
		`!Sub "x{{resolve:secretsmanager:${Plain}}}"`:              {Filled: true},
		`!Sub "{{resolve:secretsmanager:${Plain}}}pw"`:             {Filled: true},
		`!Sub "{{resolve:secretsmanager:${Plain}}}pw${OrEmpty}}}"`: {Filled: true},
		`!Join ["", ["{{resolve:secretsmanager:", !Ref Plain, "}}hunter2{{resolve:secretsmanager:a}}"]]`: {Filled: true},
	} {
		t.Run(text, func(t *testing.T) {
			d, err := cfn.Read("a.yaml", fmt.Appendf(nil, certainly, text), cfn.Options{})
			if err != nil {
				t.Fatal(err)
			}
			queue := d.Resources[len(d.Resources)-1]
			if len(queue.Unknown) != 1 || queue.Unknown[0].Path != "properties.KmsMasterKeyId" {
				t.Fatalf("unknown are %+v", queue.Unknown)
			}
			got := resource.Unknown{Filled: queue.Unknown[0].Filled, Seen: queue.Unknown[0].Seen}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestSecretParameter: a value that is given for a parameter with NoEcho stays unknown, and sealed.
func TestSecretParameter(t *testing.T) {
	d, err := cfn.Read("a.yaml", fmt.Appendf(nil, certainly, "!Ref Hidden"), cfn.Options{Parameters: map[string]string{"Hidden": "hunter2"}})
	if err != nil {
		t.Fatal(err)
	}
	if u := d.Resources[len(d.Resources)-1].Unknown; len(u) != 1 || u[0].Seen != resource.Sealed {
		t.Errorf("%+v", u)
	}
}
