//go:build !amd64

package rawjson

func index(b []byte, quotes, odd []uint64) { indexGo(b, quotes, odd) }
