package ec2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// TestServiceOf: interfaces that a service manages are told by whatever AWS says of them.
func TestServiceOf(t *testing.T) {
	for name, c := range map[string]struct {
		n    types.NetworkInterface
		want string // empty: a customer's own
	}{
		"an instance":      {types.NetworkInterface{InterfaceType: "interface", Description: aws.String("Primary network interface")}, ""},
		"without a type":   {types.NetworkInterface{}, ""},
		"a fast one":       {types.NetworkInterface{InterfaceType: "efa", RequesterManaged: aws.Bool(false)}, ""},
		"a balancer":       {types.NetworkInterface{InterfaceType: "interface", Description: aws.String("ELB app/shop/50dc6c495c0c9188")}, "ELB app/shop"},
		"managed":          {types.NetworkInterface{InterfaceType: "interface", RequesterManaged: aws.Bool(true), RequesterId: aws.String("amazon-rds")}, "amazon-rds"},
		"a function":       {types.NetworkInterface{InterfaceType: "lambda"}, "lambda"},
		"another balancer": {types.NetworkInterface{InterfaceType: "network_load_balancer"}, "network_load_balancer"},
		"not invented yet": {types.NetworkInterface{InterfaceType: "moonbeam"}, "moonbeam"},
		"operated":         {types.NetworkInterface{InterfaceType: "interface", Operator: &types.OperatorResponse{Managed: aws.Bool(true), Principal: aws.String("eks.amazonaws.com")}}, "eks.amazonaws.com"},
		"not operated":     {types.NetworkInterface{InterfaceType: "interface", Operator: &types.OperatorResponse{Managed: aws.Bool(false)}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := serviceOf(c.n); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
