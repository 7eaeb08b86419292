package estate

import (
	"context"
	"io"
	"runtime"
	"sync"
)

// File is one of many texts to read.
type File struct {
	Name string // for errors
	// Open opens it; nil without an error when it is none that Read reads: then it is left out.
	Open func() (io.ReadCloser, error)
}

// ReadFiles is Read of one file after another, done by all processors: what comes of it does not depend on which is read first. What was
// read and waits to be joined is bounded. read is told how many were done, from the goroutine that called. The error is that of the first
// file that has one.
func (e *Estate) ReadFiles(ctx context.Context, files []File, read func(done int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := min(runtime.GOMAXPROCS(0), len(files))
	jobs, order := make(chan *job, workers), make(chan *job, workers)
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	all.Go(func() {
		defer close(jobs)
		defer close(order)
		for _, f := range files {
			j := &job{file: f, part: e.beside(), done: make(chan struct{})}
			for _, c := range []chan *job{jobs, order} { // what is in order must be worked on, or its end is never seen
				select {
				case c <- j:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range workers {
		all.Go(func() {
			for j := range jobs {
				j.read(ctx)
			}
		})
	}
	n := 0
	for j := range order {
		if <-j.done; j.err != nil {
			return j.err
		}
		e.join(j.part)
		if n++; read != nil {
			read(n)
		}
	}
	return context.Cause(ctx)
}

// job is one file that is read.
type job struct {
	file File
	part *Estate
	err  error
	done chan struct{}
}

func (j *job) read(ctx context.Context) {
	defer close(j.done)
	if j.err = context.Cause(ctx); j.err != nil {
		return
	}
	in, err := j.file.Open()
	if err != nil || in == nil {
		j.err = err
		return
	}
	defer in.Close()
	j.err = j.part.Read(j.file.Name, in)
}
