package cfn

import (
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// find is Fn::FindInMap: the name of a map, two keys, and perhaps a default.
func (t *template) find(arg *doc.Node) *val {
	if arg.Kind != doc.List || len(arg.Items) < 3 {
		return wrong("Fn::FindInMap", "want the name of a map and two keys")
	}
	in := t.root.Get("Mappings")
	for i, item := range arg.Items[:3] {
		key := t.eval(item)
		name, ok := key.known()
		if !ok {
			return unknown("Fn::FindInMap", "a key of the map is not known: %s", key.text)
		}
		if in = in.Get(name); in == nil {
			if len(arg.Items) > 3 && arg.Items[3].Get("DefaultValue") != nil {
				return t.eval(arg.Items[3].Get("DefaultValue"))
			}
			what := "a map"
			if i > 0 {
				what = "a key of the map"
			}
			return wrong("Fn::FindInMap", "there is no "+strconv.Quote(name)+", "+what)
		}
	}
	return t.eval(in)
}

// pick is Fn::Select: a number, and a list.
func (t *template) pick(arg *doc.Node) *val {
	if arg.Kind != doc.List || len(arg.Items) != 2 {
		return wrong("Fn::Select", "want a number and a list")
	}
	text, ok := t.eval(arg.Items[0]).known()
	i, err := strconv.Atoi(text)
	of := t.eval(arg.Items[1])
	switch {
	case !ok || err != nil:
		return unknown("Fn::Select", "which element it is is not known")
	case of.kind == hole:
		return of.through("Fn::Select")
	case of.kind != list:
		return wrong("Fn::Select", "want a list to select from")
	case i < 0 || i >= len(of.items):
		return wrong("Fn::Select", "the list of "+strconv.Itoa(len(of.items))+" has no element "+strconv.Itoa(i))
	}
	return of.items[i]
}

// split is Fn::Split: a delimiter, and a text.
func (t *template) split(arg *doc.Node) *val {
	if arg.Kind != doc.List || len(arg.Items) != 2 {
		return wrong("Fn::Split", "want a delimiter and a text")
	}
	delimiter, ok := t.eval(arg.Items[0]).known()
	of := t.eval(arg.Items[1])
	s, known := of.known()
	switch {
	case of.kind == hole:
		return of.through("Fn::Split")
	case !ok || !known || delimiter == "":
		return wrong("Fn::Split", "want a delimiter and a text")
	}
	v := &val{kind: list}
	for piece := range strings.SplitSeq(s, delimiter) {
		if !t.load.spend(1, len(piece)) {
			break
		}
		v.items = append(v.items, &val{kind: text, text: piece})
	}
	return v
}

func (t *template) base64(arg *doc.Node) *val {
	of := t.eval(arg)
	s, ok := of.known()
	switch {
	case of.kind == hole:
		return of.through("Fn::Base64")
	case !ok:
		return wrong("Fn::Base64", "want a text")
	}
	return t.join([]*val{{kind: text, text: base64.StdEncoding.EncodeToString([]byte(s))}})
}

// length is Fn::Length of a list. A list whose elements are unknown has a length all the same.
func (t *template) length(arg *doc.Node) *val {
	of := t.eval(arg)
	switch of.kind {
	case list:
		return &val{kind: number, text: strconv.Itoa(len(of.items))}
	case hole:
		return unknown("Fn::Length", "%s", of.text)
	default:
		return wrong("Fn::Length", "want a list")
	}
}

// maxBlocks is how many blocks Fn::Cidr gives at most.
const maxBlocks = 256

// cidr is Fn::Cidr: a block, how many to make of it, and how many bits of an address are left to hosts in each.
func (t *template) cidr(arg *doc.Node) *val {
	var in [3]string
	if arg.Kind != doc.List || len(arg.Items) < 2 || len(arg.Items) > 3 {
		return wrong("Fn::Cidr", "want a block, a count and a number of bits")
	}
	for i, item := range arg.Items {
		v := t.eval(item)
		s, ok := v.known()
		if !ok {
			return unknown("Fn::Cidr", "an argument of Fn::Cidr is not known: %s", v.text)
		}
		in[i] = s
	}
	block, err := netip.ParsePrefix(in[0])
	count, err2 := strconv.Atoi(in[1])
	if err != nil || err2 != nil || count < 1 || count > maxBlocks {
		return wrong("Fn::Cidr", "want a block and a count from 1 to 256")
	}
	block = block.Masked()
	bits, err := strconv.Atoi(in[2])
	if in[2] == "" { // the smallest that AWS makes subnets of
		bits = 4
		if !block.Addr().Is4() {
			bits = 64
		}
	} else if err != nil {
		return wrong("Fn::Cidr", "the number of bits is none")
	}
	size := block.Addr().BitLen() - bits
	if bits < 0 || size < block.Bits() || size-block.Bits() < 32 && count > 1<<(size-block.Bits()) {
		return wrong("Fn::Cidr", "the block is too small")
	}
	v := &val{kind: list}
	for i := range count {
		v.items = append(v.items, &val{kind: text, text: netip.PrefixFrom(plus(block.Addr(), uint64(i), bits), size).String()})
	}
	return v
}

// plus gives the address n blocks of 1<<bits addresses further on.
func plus(a netip.Addr, n uint64, bits int) netip.Addr {
	raw := a.As16()
	high, low := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	if bits >= 64 {
		high += n << (bits - 64)
	} else {
		step := n << bits
		if low+step < low {
			high++
		}
		low += step
		high += n >> (64 - bits)
	}
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	out := netip.AddrFrom16(raw)
	if a.Is4() {
		return out.Unmap()
	}
	return out
}
