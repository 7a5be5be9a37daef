package screentest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/app"
)

// Participants are those of a meeting who stand in its list, in memory.
type Participants struct {
	All   []api.Participant
	Asked []api.ParticipantFilter
	Seen  time.Time // when the list was seen, if the service cannot be reached
	Err   error
}

// NewParticipants has people with names in several scripts, and more than one page.
func NewParticipants() *Participants {
	k := &Participants{All: []api.Participant{
		{Name: "سلمى الحسيني", Organization: "الهيئة القومية لتنظيم الاتصالات", Country: "EG"},
		{Name: "Amélie Dupont", Organization: "Institut national de la recherche scientifique et des télécommunications", Country: "FR"},
		{Name: "王小明", Organization: "中国信息通信研究院", Country: "CN"},
		{Name: "John O’Brien", Organization: "Ofcom", Country: "GB"},
	}}
	for i := range 200 {
		k.All = append(k.All, api.Participant{Name: fmt.Sprintf("Participant %03d", i), Organization: "Example University", Country: "CH"})
	}
	return k
}

func (k *Participants) Participants(_ context.Context, f api.ParticipantFilter) (page app.ParticipantsPage, err error) {
	k.Asked = append(k.Asked, f)
	page.Seen = k.Seen
	from := 0
	if _, err := fmt.Sscan(f.After, &from); f.After != "" && err != nil {
		return page, err
	}
	for i, one := range k.All {
		if !strings.Contains(strings.ToLower(one.Name+" "+one.Organization), strings.ToLower(f.Query)) || i < from {
			continue
		}
		if len(page.Participants.Participants) == 100 {
			page.Next = fmt.Sprint(i)
			break
		}
		page.Participants.Participants = append(page.Participants.Participants, one)
	}
	return page, k.Err
}
