package calendar

// recurrence is one event on its way through its instances.
type recurrence struct {
	c       *counter
	e       *event
	k       *clock
	t       timing
	instead keys
	except  keys
	onward  []onwards
	reach   int64
}

// onwards is a change of an instance and all after it.
type onwards struct {
	at    int64 // from this moment on
	after int64 // by how much local times move
	e     *event
	k     *clock
	t     timing
}

// prepare finds out what the instances have in common.
func (r *recurrence) prepare(onward []*event) (err error) {
	if r.t, err = r.c.timing(r.e, r.k); err != nil {
		return err
	}
	r.reach = r.t.reach()
	r.except = keys{}
	for _, m := range r.e.except {
		k, err := r.c.key(m, r.e)
		if err != nil {
			return err
		}
		r.except[k] = true
	}
	for _, e := range onward {
		o := onwards{e: e}
		if o.k, err = r.c.clock(e.start, nil); err != nil {
			return err
		}
		if o.t, err = r.c.timing(e, o.k); err != nil {
			return err
		}
		if o.at, err = r.c.instant(e.instead, r.e); err != nil {
			return err
		}
		was := o.k.local(o.at)
		if e.instead.day {
			was = e.instead.local
		}
		if e.start.day {
			was -= floorMod(was, daySeconds)
		}
		o.after = e.start.local - was
		r.reach = max(r.reach, o.t.reach()+abs(o.after))
		r.onward = append(r.onward, o)
	}
	sorted(r.onward)
	return r.rulesOut()
}

func abs(n int64) int64 { return max(n, -n) }

// rulesOut leaves out what EXRULE gives.
func (r *recurrence) rulesOut() error {
	for _, u := range r.e.without {
		err := r.walk(u, func(local int64) error {
			r.except[r.key(local)] = true
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// key is an instance's place.
func (r *recurrence) key(local int64) key {
	if r.e.start.day {
		return key{true, floorDiv(local, daySeconds)}
	}
	return key{false, r.k.instant(local)}
}

// walk goes through the times of a rule that could reach into the window.
func (r *recurrence) walk(u *rule, each func(local int64) error) error {
	stop := u.bound
	var until int64
	if u.bound {
		m := u.until
		switch {
		case r.e.start.day:
			// Days are compared with the day that is written.
			until = floorDiv(m.local, daySeconds)*daySeconds + daySeconds - 1
		case m.day:
			until = r.k.instant(m.local+daySeconds) - 1
		case m.utc:
			until = m.local
		default:
			until = r.k.instant(m.local)
		}
	}
	last := r.c.to + 2*daySeconds
	if u.bound {
		last = min(last, until+2*daySeconds)
	}
	var failed error
	err := u.each(r.e.start.local, r.c.from-r.reach-2*daySeconds, last, r.c.left, func(local int64) bool {
		at := local
		if !r.e.start.day {
			at = r.k.instant(local)
		}
		if stop && at > until {
			return true
		}
		failed = each(local)
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	return err
}

// all counts the start, what the rules give and what is listed.
func (r *recurrence) all() error {
	if err := r.one(r.e.start.local, nil); err != nil {
		return err
	}
	for _, u := range r.e.rules {
		if err := r.walk(u, func(local int64) error { return r.one(local, nil) }); err != nil {
			return err
		}
	}
	for i := range r.e.dates {
		p := &r.e.dates[i]
		if !r.c.left.spend(1) {
			return errBudget
		}
		local := p.start.local
		switch {
		case r.e.start.day:
			local -= floorMod(local, daySeconds)
		case p.start.day:
			// A date where hours recur: that day, at the usual hour.
			local += floorMod(r.e.start.local, daySeconds)
		default:
			at, err := r.c.instant(p.start, r.e)
			if err != nil {
				return err
			}
			if err := r.at(at, r.k.local(at), p); err != nil {
				return err
			}
			continue
		}
		if err := r.one(local, nil); err != nil {
			return err
		}
	}
	return nil
}

// one counts the instance of a local time.
func (r *recurrence) one(local int64, p *period) error {
	return r.at(r.k.instant(local), local, p)
}

// at counts an instance, unless it is left out or something stands in its place.
func (r *recurrence) at(at, local int64, p *period) error {
	k := key{false, at}
	day := key{true, floorDiv(local, daySeconds)}
	if r.e.start.day {
		k = day
	}
	if r.except[k] || r.except[day] || r.instead[k] || r.instead[day] {
		return nil
	}
	if !r.c.left.spend(1 + len(r.onward)) {
		return errBudget
	}
	e, t := r.e, r.t
	for _, o := range r.onward {
		if at < o.at {
			break
		}
		e, t = o.e, o.t
	}
	if e.free || e.cancelled {
		return nil
	}
	if e != r.e {
		local, at = r.moved(at, local)
		return r.c.add(at, t.end(local, at), e.line)
	}
	end := t.end(local, at)
	if p != nil && p.kind != 0 {
		var err error
		if end, err = r.c.ends(*p, at); err != nil {
			return err
		}
	}
	return r.c.add(at, end, e.line)
}

// moved is where the last change before an instance puts it.
func (r *recurrence) moved(at, local int64) (int64, int64) {
	var o onwards
	for _, next := range r.onward {
		if at >= next.at {
			o = next
		}
	}
	was := o.k.local(at)
	if r.e.start.day {
		was = local
	}
	if o.e.start.day {
		was -= floorMod(was, daySeconds)
	}
	was += o.after
	return was, o.k.instant(was)
}
