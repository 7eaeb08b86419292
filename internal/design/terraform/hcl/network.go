package hcl

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// addressing are functions of networks.
func addressing() map[string]function.Function {
	num := func(name string) function.Parameter { return function.Parameter{Name: name, Type: cty.Number} }
	prefix := function.Parameter{Name: "prefix", Type: cty.String}
	return map[string]function.Function{
		"cidrhost": function.New(&function.Spec{
			Params: []function.Parameter{prefix, num("hostnum")}, Type: function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) {
				p, err := network(a[0])
				if err != nil {
					return cty.NilVal, err
				}
				n, _ := a[1].AsBigFloat().Int(nil)
				addr, err := within(p, n)
				return cty.StringVal(addr.String()), err
			},
		}),
		"cidrnetmask": function.New(&function.Spec{
			Params: []function.Parameter{prefix}, Type: function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) {
				p, err := network(a[0])
				if err != nil || !p.Addr().Is4() {
					return cty.NilVal, errors.Join(err, errors.New("want an IPv4 network"))
				}
				mask := ^uint32(0) << (32 - p.Bits())
				return cty.StringVal(fmt.Sprintf("%d.%d.%d.%d", mask>>24, mask>>16&255, mask>>8&255, mask&255)), nil
			},
		}),
		"cidrsubnet": function.New(&function.Spec{
			Params: []function.Parameter{prefix, num("newbits"), num("netnum")}, Type: function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) {
				p, err := network(a[0])
				if err != nil {
					return cty.NilVal, err
				}
				bits, _ := a[1].AsBigFloat().Int64()
				n, _ := a[2].AsBigFloat().Int(nil)
				sub, err := subnet(p, bits, n)
				return cty.StringVal(sub.String()), err
			},
		}),
		"cidrsubnets": function.New(&function.Spec{
			Params: []function.Parameter{prefix}, VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
			Type: function.StaticReturnType(cty.List(cty.String)),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) { return subnets(a) },
		}),
	}
}

func network(v cty.Value) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(v.AsString())
	return p.Masked(), err
}

// within is an address of a network by its number; from the end when it is negative.
func within(p netip.Prefix, n *big.Int) (netip.Addr, error) {
	size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, size)
	}
	if n.Sign() < 0 || n.Cmp(size) >= 0 {
		return netip.Addr{}, fmt.Errorf("%s has no address of this number", p)
	}
	sum := new(big.Int).Add(new(big.Int).SetBytes(p.Addr().AsSlice()), n)
	data := sum.FillBytes(make([]byte, p.Addr().BitLen()/8))
	addr, _ := netip.AddrFromSlice(data)
	return addr, nil
}

func subnet(p netip.Prefix, more int64, n *big.Int) (netip.Prefix, error) {
	all := int64(p.Addr().BitLen())
	bits := int64(p.Bits()) + more
	if more < 0 || bits > all {
		return netip.Prefix{}, fmt.Errorf("%s cannot be extended by %d bits", p, more)
	}
	if n.Sign() < 0 || n.BitLen() > int(more) {
		return netip.Prefix{}, fmt.Errorf("%s has no part of this number with %d bits more", p, more)
	}
	addr, err := within(p, new(big.Int).Lsh(n, uint(all-bits))) //nolint:gosec // from 0 to 128
	return netip.PrefixFrom(addr, int(bits)), err
}

// subnets are parts one behind the other, each where one of its size may begin.
func subnets(args []cty.Value) (cty.Value, error) {
	p, err := network(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	next, out := new(big.Int), []cty.Value{}
	for _, a := range args[1:] {
		more, _ := a.AsBigFloat().Int64()
		bits := int64(p.Bits()) + more
		if more < 0 || bits > int64(p.Addr().BitLen()) {
			return cty.NilVal, fmt.Errorf("%s cannot be extended by %d bits", p, more)
		}
		size := uint(int64(p.Addr().BitLen()) - bits) //nolint:gosec // from 0 to 128
		n := new(big.Int).Add(next, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), size), big.NewInt(1)))
		n.Rsh(n, size)
		sub, err := subnet(p, more, n)
		if err != nil {
			return cty.NilVal, err
		}
		next = n.Lsh(n.Add(n, big.NewInt(1)), size)
		out = append(out, cty.StringVal(sub.String()))
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
}
