//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/spreadsheet"
)

const exportedAccounts = 100 * fewAccounts

// exportXLSX measures how long it takes to read a hundred thousand users from a service,
// page by page as an export does, and to write them into a workbook; and how much more
// memory that has in use at most, in MB.
func exportXLSX(b *bench) ([]float64, error) {
	s, err := b.onSQLite("export")
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	v := &visit{site: s, population: population{filepath.Join(s.Data(), "plenaryd.db"), filepath.Join(s.Data(), "plenaryd.key")}, client: &http.Client{Timeout: time.Minute}}
	if err := v.fill(exportedAccounts, nil); err != nil {
		return nil, err
	}
	if v.token, err = v.employ(api.RoleAdministrator); err != nil {
		return nil, err
	}
	debug.FreeOSMemory()
	before := inUse()
	var most uint64
	begin, rows, asking := time.Now(), 0, time.Duration(0)
	table, err := app.NewSpreadsheet(b.work, "export", spreadsheet.XLSX, "en", false)
	if err != nil {
		return nil, err
	}
	if err := table.Row(spreadsheet.Texts("Name", "Username", "E-mail", "Organization", "Country", "State", "Account")...); err != nil {
		return nil, err
	}
	for after := ""; ; {
		asked := time.Now()
		answer, err := exchange(v.client, http.MethodGet, fmt.Sprintf("%s/v1/users?limit=%d&after=%s", v.Address, api.UsersLimit, after), v.token, nil)
		if err != nil {
			return nil, err
		}
		asking += time.Since(asked)
		var page api.Users
		if err := json.Unmarshal(answer, &page); err != nil {
			return nil, err
		}
		for _, u := range page.Users {
			if err := table.Row(spreadsheet.Texts(u.Name, u.Username, u.Email, u.Organization, u.Country, u.State, u.ID)...); err != nil {
				return nil, err
			}
		}
		rows += len(page.Users)
		most = max(most, inUse())
		if after = page.Next; after == "" {
			break
		}
	}
	path, err := table.Save()
	if err != nil {
		return nil, err
	}
	took := time.Since(begin)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if rows < exportedAccounts {
		return nil, fmt.Errorf("%d rows, not %d", rows, exportedAccounts)
	}
	fmt.Printf("  %d rows, %d bytes; %v of it for the answers of the service\n", rows, info.Size(), asking.Round(time.Millisecond))
	return []float64{took.Seconds(), float64(most-min(before, most)) / 1e6}, nil
}

// inUse is what this process has of memory that it has not given back.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}
