package app

import "time"

// The data set of the last contact with the service, by its clock.
const (
	contactSet = "contact"
	contactKey = "time"
)

// contactAge is how old what is kept of the last contact may be while there is a newer one.
const contactAge = time.Hour

// serviceNow is the time by the service's clock: the device's, put right by the service's
// answers. Before the first answer of a run it is the device's, but not before the last
// contact of an earlier one: the clock of a device whose battery was empty begins years ago.
func (k *core) serviceNow() time.Time {
	now := k.now()
	if offset, known := k.client.Offset(); known {
		return now.Add(offset)
	}
	if last := k.lastContact(); last.After(now) {
		return last.In(now.Location())
	}
	return now
}

// lastContact is when the service last answered, by its clock; zero for never.
func (k *core) lastContact() time.Time {
	last, known := k.client.LastAnswer()
	if !known {
		k.mu.Lock()
		defer k.mu.Unlock()
		return k.contact
	}
	return last
}

// loadContact reads when the service last answered in an earlier run.
func (k *core) loadContact() {
	_, public := k.place.known()
	if public == nil {
		return
	}
	var t time.Time
	if b, err := public.Get(contactSet, contactKey); err != nil || t.UnmarshalText(b) != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.contact = t
}

// keepContact keeps when the service last answered, for the next run.
func (k *core) keepContact() {
	last, known := k.client.LastAnswer()
	_, public := k.place.known()
	k.mu.Lock()
	old := k.contact
	k.mu.Unlock()
	if !known || public == nil || last.Sub(old) < contactAge {
		return
	}
	b, err := last.UTC().MarshalText()
	if err == nil {
		err = public.Put(contactSet, contactKey, b)
	}
	if err != nil {
		k.log.Warn("the time of the last contact was not kept", "cause", Explain(err).Kind)
		return
	}
	k.mu.Lock()
	k.contact = last
	k.mu.Unlock()
}
