package screentest

import (
	"context"
	"time"

	"plenary/api"
)

// Statistics are the numbers of a meeting, in memory.
type Statistics struct {
	Numbers api.Statistics
	Asked   int
	Err     error
}

// NewStatistics has registrations of three weeks, from 24 countries.
func NewStatistics() *Statistics {
	n := api.Statistics{
		At: Now, Registrations: 318, Living: 297,
		States: []api.Count{
			{ID: api.Confirmed, Count: 240},
			{ID: api.WaitingSecretariat, Count: 37},
			{ID: api.WaitingList, Count: 20},
			{ID: api.Withdrawn, Count: 15},
			{ID: api.Refused, Count: 6},
		},
		Participation: []api.Count{{ID: api.OnSite, Count: 201}, {ID: api.Remote, Count: 96}},
		Memberships:   []api.Count{{ID: "member-state", Count: 150}, {ID: "sector-member", Count: 90}, {ID: "academia", Count: 55}, {ID: "", Count: 2}},
	}
	for i := range 21 {
		n.Days = append(n.Days, api.DayCount{Day: Now.AddDate(0, 0, i-20).Format(time.DateOnly), Count: []int{3, 9, 40, 17, 0, 1, 25}[i%7]})
	}
	for i, c := range []string{
		"GB", "CH", "FR", "BO", "MK", "KP", "US", "CN", "RU", "EG", "KE", "BR", "DE", "IN", "JP", "KR", "MX", "NG", "ZA", "TZ", "UG", "VE", "CD", "",
	} {
		n.Countries = append(n.Countries, api.Count{ID: c, Count: 48 - 2*i})
	}
	return &Statistics{Numbers: n}
}

func (k *Statistics) Statistics(context.Context, string) (api.Statistics, error) {
	k.Asked++
	return k.Numbers, k.Err
}
