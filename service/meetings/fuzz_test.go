package meetings

import (
	"errors"
	"testing"
	"time"

	"plenary/api"
)

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add((&place{Now: 1, Past: true, Start: 2, Code: "C-00016512"}).String())
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parsePlace(s, time.Unix(0, 0))
		if err != nil {
			if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeInvalid {
				t.Errorf("error %v", err)
			}
			return
		}
		if again, err := parsePlace(c.String(), time.Unix(0, 0)); err != nil || again != c {
			t.Errorf("%+v becomes %+v, %v", c, again, err)
		}
	})
}
